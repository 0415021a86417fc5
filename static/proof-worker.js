/*
 * Tries numbers until SHA-256(salt + number) is the challenge; answers null if none is.
 * The digest (FIPS 180-4) is our own: that of the browser waits for a promise a number,
 * and pages that are not over HTTPS do not have it.
 */
"use strict";

const FRACTIONS = (root, count) => {
  const primes = [];
  for (let n = 2; primes.length < count; n += 1) if (primes.every((p) => n % p)) primes.push(n);
  return primes.map((p) => { const r = root(p); return ((r - Math.floor(r)) * 2 ** 32) | 0; });
};
const START = FRACTIONS(Math.sqrt, 8);
const ROUND = FRACTIONS(Math.cbrt, 64);
const words = new Int32Array(64);
const turn = (x, n) => (x >>> n) | (x << (32 - n));

const block = (state, bytes, at) => {
  for (let i = 0; i < 16; i += 1) {
    const j = at + i * 4;
    words[i] = (bytes[j] << 24) | (bytes[j + 1] << 16) | (bytes[j + 2] << 8) | bytes[j + 3];
  }
  for (let i = 16; i < 64; i += 1) {
    const a = words[i - 15], b = words[i - 2];
    words[i] = (words[i - 16] + (turn(a, 7) ^ turn(a, 18) ^ (a >>> 3))
      + words[i - 7] + (turn(b, 17) ^ turn(b, 19) ^ (b >>> 10))) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state;
  for (let i = 0; i < 64; i += 1) {
    const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[i] + words[i]) | 0;
    const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + one) | 0; d = c; c = b; b = a; a = (one + two) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((value, i) => { state[i] = (state[i] + value) | 0; });
};

const digest = (message) => {
  const padded = new Uint8Array(Math.ceil((message.length + 9) / 64) * 64);
  padded.set(message);
  padded[message.length] = 0x80;
  new DataView(padded.buffer).setUint32(padded.length - 4, message.length * 8);
  const state = [...START];
  for (let at = 0; at < padded.length; at += 64) block(state, padded, at);
  return state.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
};

self.addEventListener("message", ({ data }) => {
  const { challenge, salt, maxNumber } = data;
  const encoder = new TextEncoder();
  for (let number = 0; number <= maxNumber; number += 1) {
    if (digest(encoder.encode(salt + number)) === challenge) {
      self.postMessage(number);
      return;
    }
  }
  self.postMessage(null);
});
