// Closes a socket in good order.
import type { Socket } from 'node:net';

/** A server that does not take the end in this time is left. */
export const closingPatience = 1_000;

/** Sends what is still to be sent and says goodbye in TLS too; a peer that does not take it is cut off. */
export function closeSocket(socket: Socket): Promise<void> {
  return new Promise((resolve) => {
    if (socket.destroyed) return resolve();
    const timer = setTimeout(() => socket.destroy(), closingPatience);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve();
    });
    socket.resume();
    if (socket.writable) socket.destroySoon();
    else socket.destroy();
  });
}
