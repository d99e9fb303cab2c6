import { describeFaults } from "../support/faults/describeFaults.ts";
import { hosts } from "./table/hosts.ts";

describeFaults("the hosts", hosts);
