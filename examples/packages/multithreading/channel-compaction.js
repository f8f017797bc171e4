import './node-20.js';
import { defineProgram } from 'mapcheck';
import { channel } from 'multithreading';
import { moved } from './moved.js';

// The buffer is full: the next message makes the sender compact it, while the receiver reads.
export default defineProgram({
  name: 'multithreading: channel, the sender compacts while the receiver reads',
  setup: () => {
    const [sender, receiver] = channel(3, { size: 88 });
    sender.blockingSend(1);
    receiver.blockingRecv();
    sender.blockingSend(40);
    sender.blockingSend(41);
    return { sender: moved(sender), receiver: moved(receiver) };
  },
  threads: [
    ({ sender }) => sender.blockingSend(42).ok,
    ({ receiver }) => receiver.blockingRecv().value,
  ],
  check: (_, [, received]) => {
    if (received !== 40) throw new Error(`received ${received} in the place of 40`);
  },
  instrument: ['multithreading'],
});
