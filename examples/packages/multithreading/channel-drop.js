import './node-20.js';
import { defineProgram } from 'mapcheck';
import { channel } from 'multithreading';
import { moved } from './moved.js';

export default defineProgram({
  name: 'multithreading: channel, the last receiver goes while a sender waits',
  setup: () => {
    const [sender, receiver] = channel(1);
    sender.blockingSend(0);
    return { sender: moved(sender), receiver: moved(receiver) };
  },
  threads: [
    ({ sender }) => sender.blockingSend(1).ok,
    ({ receiver }) => receiver[Symbol.dispose](),
  ],
  check: (_, [sent]) => {
    if (sent) throw new Error('sent into a full channel that nobody reads');
  },
  instrument: ['multithreading'],
});
