// The texts of `text` fields in a segment: numbered anew in each, in the order in which they come; 0 is ''.

import { viewOf, wholeWords } from './bytes.js';
import type { GoodFrame } from './frame.js';

/** The payload of a frame of texts. */
export function encodeTexts(texts: readonly string[]): Uint8Array {
  const encoder = new TextEncoder();
  // JSON keeps lone surrogates, which UTF-8 has no room for.
  const encoded = texts.map((text) => encoder.encode(JSON.stringify(text)));
  const length = encoded.reduce((sum, bytes) => sum + 4 + bytes.length, 0);
  const payload = new Uint8Array(wholeWords(length));
  const view = viewOf(payload);
  let at = 0;
  for (const bytes of encoded) {
    view.setUint32(at, bytes.length, true);
    payload.set(bytes, at + 4);
    at += 4 + bytes.length;
  }
  return payload;
}

/** The texts of a frame of texts; undefined if it does not hold as many as it says. */
export function decodeTexts({ payload, count }: GoodFrame): string[] | undefined {
  const view = viewOf(payload);
  const decoder = new TextDecoder();
  const texts: string[] = [];
  let at = 0;
  while (texts.length < count) {
    if (at + 4 > payload.length) return undefined;
    const length = view.getUint32(at, true);
    if (at + 4 + length > payload.length) return undefined;
    try {
      const text: unknown = JSON.parse(decoder.decode(payload.subarray(at + 4, at + 4 + length)));
      if (typeof text !== 'string') return undefined;
      texts.push(text);
    } catch {
      return undefined;
    }
    at += 4 + length;
  }
  return texts;
}
