// The compiler copies no Go: puts the recorder's source beside the compiled module that builds and runs it.
import { cpSync } from 'node:fs';

const recorder = 'src/conform/live/recorder';
cpSync(
  new URL(`../${recorder}`, import.meta.url),
  new URL(`../dist/${recorder}`, import.meta.url),
  {
    recursive: true,
  },
);
