import { describeFaults } from "../support/faults/describeFaults.ts";
import { sharing } from "./table/sharing.ts";

describeFaults("builds that share", sharing);
