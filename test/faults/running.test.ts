import { describeFaults } from "../support/faults/describeFaults.ts";
import { running } from "./table/running.ts";

describeFaults("runs", running);
