import { describeFaults } from "../support/faults/describeFaults.ts";
import { cleaning } from "./table/cleaning.ts";

describeFaults("the clean-up", cleaning);
