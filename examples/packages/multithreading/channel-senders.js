import './node-20.js';
import { defineProgram } from 'mapcheck';
import { channel } from 'multithreading';
import { moved } from './moved.js';

export default defineProgram({
  name: 'multithreading: channel, two senders and a receiver',
  setup: () => {
    const [sender, receiver] = channel(1);
    return { senders: [moved(sender.clone()), moved(sender)], receiver: moved(receiver) };
  },
  threads: [
    ({ senders }) => senders[0].blockingSend(1).ok,
    ({ senders }) => senders[1].blockingSend(2).ok,
    ({ receiver }) => [receiver.blockingRecv().value, receiver.blockingRecv().value].join(),
  ],
  check: (_, [, , received]) => {
    if (received !== '1,2' && received !== '2,1') throw new Error(`received ${received}`);
  },
  instrument: ['multithreading'],
});
