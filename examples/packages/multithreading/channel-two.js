import './node-20.js';
import { defineProgram } from 'mapcheck';
import { channel } from 'multithreading';
import { moved } from './moved.js';

export default defineProgram({
  name: 'multithreading: channel of two slots, two messages',
  setup: () => {
    const [sender, receiver] = channel(2);
    return { sender: moved(sender), receiver: moved(receiver) };
  },
  threads: [
    ({ sender }) => [sender.blockingSend(1).ok, sender.blockingSend(2).ok].join(),
    ({ receiver }) => [receiver.blockingRecv().value, receiver.blockingRecv().value].join(),
  ],
  check: (_, [sent, received]) => {
    if (sent !== 'true,true' || received !== '1,2') throw new Error(`${sent}; ${received}`);
  },
  instrument: ['multithreading'],
});
