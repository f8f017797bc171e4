import './node-20.js';
import { defineProgram } from 'mapcheck';
import { channel } from 'multithreading';
import { moved } from './moved.js';

export default defineProgram({
  name: 'multithreading: channel, the last sender goes while a receiver waits',
  setup: () => {
    const [sender, receiver] = channel(1);
    return { sender: moved(sender), receiver: moved(receiver) };
  },
  threads: [
    ({ sender }) => {
      sender.blockingSend(1);
      sender[Symbol.dispose]();
    },
    ({ receiver }) => [receiver.blockingRecv(), receiver.blockingRecv()],
  ],
  check: (_, [, [first, second]]) => {
    if (first.value !== 1) throw new Error(`the message was lost: ${first.error}`);
    if (second.ok || second.error.message !== 'Channel closed') throw new Error('not closed');
  },
  instrument: ['multithreading'],
});
