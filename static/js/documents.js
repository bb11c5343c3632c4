/** Another page of ours as a document; XMLHttpRequest parses it, so no text ever becomes markup by our hand. */
export function fetchDocument(address) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("GET", address);
    request.responseType = "document";
    request.onload = () => (request.status === 200 && request.response ? done(request.response) : failed(new Error()));
    request.onerror = failed;
    request.send();
  });
}
