// Texts of alarms come from anybody; this is what of them may be shown, and what it takes in a mail.

/** One line, without control characters and without those that turn the direction of what follows; cut where it is longer. */
export function shownText(text: string, longest: number): string {
  // What is far beyond is not even looked at.
  const line = text
    .slice(0, longest * 4)
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029\s]+/gu, ' ')
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]/gu, '')
    .trim();
  const characters = [...line];
  return characters.length <= longest ? line : `${characters.slice(0, longest - 1).join('')}…`;
}

/** Cut so that it takes no more than `room`, by `mailRoom`. */
export function fittingText(text: string, room: number): string {
  let taken = 0;
  let kept = '';
  for (const character of text) {
    taken += characterRoom(character);
    if (taken > room)
      return kept === ''
        ? ''
        : `${kept
            .slice(0, -1)
            .toWellFormed()
            .replace(/\ufffd$/, '')}…`;
    kept += character;
  }
  return kept;
}

/** Bytes in the text and the HTML part together, as they are sent: quoted-printable makes three of any that is not ASCII. */
export function mailRoom(text: string): number {
  let room = 0;
  for (const character of text) room += characterRoom(character);
  return room;
}

function characterRoom(character: string): number {
  if (/[&<>"'=]/.test(character)) return 8;
  return character <= '\u007f' ? 2 : 6 * Buffer.byteLength(character);
}
