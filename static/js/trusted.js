// The page's CSP demands Trusted Types. Leaflet 1.9.4 writes these few strings as HTML, and stops without them;
// nothing else passes, and no worker but our two, so that no script of ours or of a library can ever turn somebody's
// words into markup.

const HARMLESS = new Set([
  "",
  "<svg/>",
  '<span aria-hidden="true">+</span>',
  '<span aria-hidden="true">&#x2212;</span>',
  '<span aria-hidden="true">&#215;</span>',
]);

const SHRINKER = /^\/static\/(?:built\/)?js\/shrink_worker\.js\?v=[0-9a-f]+$/;

if (window.trustedTypes && !window.trustedTypes.defaultPolicy) {
  window.trustedTypes.createPolicy("default", {
    createHTML: (text) => (HARMLESS.has(text) ? text : null),
    createScriptURL: (url) => (url === "/sw.js" || SHRINKER.test(url) ? url : null),
  });
}
