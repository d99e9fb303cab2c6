import { describeFaults } from "../support/faults/describeFaults.ts";
import { templatesTable } from "./table/templates.ts";

describeFaults("templates", templatesTable);
