/** The answer of `compute`, kept for a while; who asks while it is being computed gets that one. A failure is not kept. */
export function keptFor<Answer>(ms: number, compute: () => Promise<Answer>): () => Promise<Answer> {
  let answer: Promise<Answer> | null = null;
  return () => {
    if (answer) return answer;
    const own = compute();
    answer = own;
    const forget = () => void (answer = null);
    own.then(() => setTimeout(forget, ms).unref(), forget);
    return own;
  };
}
