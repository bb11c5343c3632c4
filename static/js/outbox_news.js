// Tells every open page, and the service worker, what became of a report.

const NAME = "outbox";
const here = new EventTarget(); // for browsers without BroadcastChannel: at least this page hears
let channel;

/** `{kind, submission, path, outcome}`; outcome: as of `deliver`.
 * kind: `kept`, `sent`, `failed`, `waiting`, `gone`, or `listed`: reports that have arrived entered the device's list. */
export function tell(news) {
  here.dispatchEvent(new CustomEvent(NAME, { detail: news }));
  if (!globalThis.BroadcastChannel) return;
  channel ??= new BroadcastChannel(NAME);
  channel.postMessage(news);
}

export function listen(hear) {
  here.addEventListener(NAME, ({ detail }) => hear(detail));
  if (!globalThis.BroadcastChannel) return;
  channel ??= new BroadcastChannel(NAME);
  channel.addEventListener("message", ({ data }) => hear(data));
}
