// What the app shows behind a notification: opening it takes it off the phone, and its buttons say that it was read.

import { post, serveButtons } from "./actions.js";

const opened = new URLSearchParams(location.search);

serveButtons();
post("/sandbox/phone", { phone: opened.get("phone"), act: "dismiss", key: opened.get("key") });
