// Cuts a stream of text into its lines. An unfinished last line is dropped: it is half an event.

export async function* lines(chunks: AsyncIterable<string>, longest: number): AsyncGenerator<string> {
  let rest = '';
  for await (const chunk of chunks) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    for (const line of parts) if (line !== '') yield line;
    if (rest.length > longest) throw new Error(`a line is longer than ${longest} characters`);
  }
}
