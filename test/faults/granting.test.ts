import { describeFaults } from "../support/faults/describeFaults.ts";
import { granting } from "./table/granting.ts";

describeFaults("granting", granting);
