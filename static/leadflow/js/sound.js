// A short sound when a message that asks for one arrives (the person's own choice, in the preferences).
(() => {
  let audio = null;

  function note(frequency, start) {
    const tone = audio.createOscillator();
    const volume = audio.createGain();
    tone.frequency.value = frequency;
    volume.gain.setValueAtTime(0.12, start);
    volume.gain.exponentialRampToValueAtTime(0.001, start + 0.35);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.4);
  }

  function chime() {
    audio ??= new AudioContext();
    note(660, audio.currentTime);
    note(880, audio.currentTime + 0.15);
  }

  document.addEventListener("DOMContentLoaded", () => {
    const region = document.getElementById("toasts");
    if (!region) return;
    new MutationObserver((changes) => {
      const arrived = changes.flatMap((change) => [...change.addedNodes]);
      if (arrived.some((node) => node.matches?.("[data-sound]"))) chime();
    }).observe(region, { childList: true });
  });
})();
