import { describe, expect, it } from 'vitest';
import { scriptedHttp, type Reaction } from '../support/scripted-http.ts';
import { createTeller, failure } from './telling.ts';

/** Scripted faults; the long form has 10,000: `npm run soak:alerts`, a quarter of an hour. */
const faults = Number(process.env['FAULTS'] ?? 100);

/** A small generator with a seed, so that a failure can be seen again. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

/** What a provider did with a request: one that cut the connection may have taken it, which nobody can know. */
const reactions: readonly [share: number, reaction: Reaction, wasTaken: boolean][] = [
  [0.55, { status: 500 }, false],
  [0.25, 'reset', false],
  [0.15, { status: 429, headers: { 'retry-after': '60' } }, false],
  [0.045, { status: 503, body: '<html>' }, false],
  [0.005, 'hang in the text', true],
];

describe('the outbox', () => {
  it(`loses nothing to ${faults} faults of a provider, and sends at most 1 % twice`, { timeout: 3_600_000 }, async () => {
    const seed = Date.now() % 100_000;
    const random = randomOf(seed);
    const taken = new Map<string, number>();
    const unanswered = new Set<string>();
    const take = (body: string) => {
      const { id } = JSON.parse(body) as { id: string };
      taken.set(id, (taken.get(id) ?? 0) + 1);
    };
    let scripted = 0;
    await using server = await scriptedHttp(({ body }) => {
      take(body);
      return { status: 200, body: 'ok' };
    });
    await using teller = await createTeller({ webhook: { url: server.url, headers: {} } });
    let runs = 0;
    while (scripted < faults) {
      const isFaulty = random() < 0.5;
      if (isFaulty) server.script.push(pick(random));
      scripted += isFaulty ? 1 : 0;
      const before = server.requests.length;
      // A budget below the first wait: one try a run, so that the outbox has to carry it on.
      await teller.at(runs, [failure({ subject: `problem ${runs}` })], { budgetMs: 1_000 });
      runs++;
      if (isFaulty && server.script.length === 0 && wasTaken) {
        const { body } = server.requests[before]!;
        take(body);
        unanswered.add((JSON.parse(body) as { id: string }).id);
      }
      wasTaken = false;
      server.script.length = 0;
    }
    for (let more = 0; more < 400 && taken.size < runs; more++) await teller.at(runs + 24 * more, [], { mayEnd: () => false });
    expect(taken.size, `seed ${seed}: lost`).toBe(runs);
    const twice = [...taken].filter(([, times]) => times > 1).map(([id]) => id);
    // Whether a provider took what it did not answer is not to be known: how often that happens is ours to choose.
    const avoidable = twice.filter((id) => !unanswered.has(id));
    console.log(
      `${faults} faults in ${runs} runs: none lost, ${twice.length} sent twice, ${avoidable.length} of them answered (seed ${seed})`,
    );
    // The short form is for a busy machine too: one that stands still for half a second has no memory in time.
    const most = faults >= 10_000 ? 0.01 * runs : 5;
    expect(avoidable.length, `seed ${seed}: sent twice`).toBeLessThanOrEqual(most);
    // Of few faults those that nobody can know of may be more by chance.
    expect(twice.length, `seed ${seed}: sent twice`).toBeLessThanOrEqual(faults >= 10_000 ? most : faults);
  });

  let wasTaken = false;
  function pick(random: () => number): Reaction {
    let point = random();
    for (const [share, reaction, isTaken] of reactions) {
      point -= share;
      if (point > 0) continue;
      wasTaken = isTaken;
      return reaction;
    }
    return reactions[0]![1];
  }
});
