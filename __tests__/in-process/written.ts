/** What is written to standard output meanwhile: what the runner of a workflow reads. */
export async function writtenDuring<T>(work: () => Promise<T>): Promise<{ readonly out: string; readonly result: T }> {
  const { write } = process.stdout;
  const out: string[] = [];
  process.stdout.write = (chunk: string | Uint8Array) => out.push(String(chunk)) > 0;
  try {
    const result = await work();
    return { out: out.join(''), result };
  } finally {
    process.stdout.write = write;
  }
}
