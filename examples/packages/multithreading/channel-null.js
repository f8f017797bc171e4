import './node-20.js';
import { defineProgram } from 'mapcheck';
import { channel } from 'multithreading';
import { moved } from './moved.js';

export default defineProgram({
  name: 'multithreading: channel, a message after null',
  setup: () => {
    const [sender, receiver] = channel(2);
    return { sender: moved(sender), receiver: moved(receiver) };
  },
  threads: [
    ({ sender }) => [sender.blockingSend(null).ok, sender.blockingSend(7).ok],
    ({ receiver }) => [receiver.blockingRecv(), receiver.blockingRecv()],
  ],
  check: (_, [sent, received]) => {
    const lost = sent.filter(Boolean).length - received.filter(({ ok }) => ok).length;
    if (lost > 0) throw new Error(`${lost} of the messages that were sent never arrive`);
  },
  instrument: ['multithreading'],
});
