// The live page of the sandbox.

import { serveButtons } from "./actions.js";
import { tick } from "./clock.js";
import { listen } from "./live.js";
import { serveLoad } from "./load.js";
import { serveMenus } from "./menus.js";
import { servePublishing } from "./publish.js";
import { serveWhy } from "./why.js";

tick();
serveButtons();
serveMenus();
serveWhy();
serveLoad();
servePublishing();
listen();
