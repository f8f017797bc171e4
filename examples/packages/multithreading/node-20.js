// multithreading 0.3.52 reads `navigator` while it is loaded, which Node has from version 21.
globalThis.navigator ??= { hardwareConcurrency: 4 };
