import { run } from '../../src/pipeline.ts';
import { jobOf, type Asked } from './job.ts';

// A program of its own, so that it can be killed: it runs what it is asked for, once, and answers with the report.
process.once('message', (asked: Asked) => {
  void (async () => {
    const report = await run(await jobOf(asked));
    process.send!(report, () => process.exit());
  })();
});
process.once('disconnect', () => process.exit());
process.send!('ready');
