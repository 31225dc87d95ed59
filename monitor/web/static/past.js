"use strict";
// How far a long piece of work is, as the desk tells it. Without this file the page is loaded anew every few seconds.
(() => {
  const place = document.querySelector("[data-events]");
  if (!place) return;
  const bar = place.querySelector("progress");
  const words = place.querySelector(".words");
  const stream = new EventSource(place.dataset.events);
  stream.onmessage = (event) => {
    const told = JSON.parse(event.data);
    bar.value = told.share;
    words.textContent = `${Math.floor(told.share * 100)} % · ${told.words}`;
    if (told.state !== "running") {
      stream.close();
      window.location.reload();
    }
  };
})();
