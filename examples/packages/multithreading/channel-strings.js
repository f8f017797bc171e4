import './node-20.js';
import { defineProgram } from 'mapcheck';
import { channel } from 'multithreading';
import { moved } from './moved.js';

// The buffer of the channel has room for one short string; the default of 64 KiB has room for some thousand.
export default defineProgram({
  name: 'multithreading: channel, a string in the place of an earlier one',
  setup: () => {
    const [sender, receiver] = channel(1, { size: 72 });
    return { sender: moved(sender), receiver: moved(receiver) };
  },
  threads: [
    ({ sender }) => {
      sender.blockingSend('a');
      sender.blockingSend('b');
    },
    ({ receiver }) => [receiver.blockingRecv().value, receiver.blockingRecv().value].join(),
  ],
  check: (_, [, received]) => {
    if (received !== 'a,b') throw new Error(`sent a,b; received ${received}`);
  },
  instrument: ['multithreading'],
});
