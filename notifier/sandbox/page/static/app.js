// What the app shows behind a notification: its buttons say that the matter was read or acted on.

import { serveButtons } from "./actions.js";

serveButtons();
