// On the pages beside the lanes: orders come here as well.

import { setToken } from "./commands.js";
import { Orders } from "./orders.js";
import { Stream } from "./stream.js";
import { setStationTime, setTimeZone } from "./time.js";

const orders = new Orders();
const stream = new Stream(
  (topic, view) => {
    document.dispatchEvent(new CustomEvent("heard", { detail: { topic, view } })); // for the page's own script
    if (topic === "orders") orders.show(view);
    else if (topic === "duty") orders.showDuty(view);
    else if (topic === "station") setTimeZone(view.timezone);
    else if (topic === "page") {
      setStationTime(view.at);
      setToken(view.token);
      if (view.evicted) stream.close();
    }
  },
  (isCut) => orders.cut(isCut),
);
setInterval(() => orders.tick(), 1000);
