/** A command in a document, with the output that the document shows for it. */
export interface DocumentedCommand {
  /** Arguments of `rollcall`. */
  readonly args: readonly string[];
  readonly shown: string;
}

/** A step of a document: something that happens outside, or a command. */
export type Step = { readonly happens: string } | DocumentedCommand;

const STEP = /<!-- (?<happens>[^>]+) -->|```console\n(?<block>.*?)```/gs;

/** The steps of a document in order: comments in HTML, and every command in a block of kind `console`. */
export function stepsOf(markdown: string): Step[] {
  return [...markdown.matchAll(STEP)].flatMap(({ groups }) =>
    groups?.['happens'] === undefined ? commandsOf(groups?.['block'] ?? '') : [{ happens: groups['happens'] }],
  );
}

function commandsOf(block: string): Step[] {
  return block
    .split(/^\$ rollcall /m)
    .filter((part) => part !== '')
    .map((part) => {
      const [line = '', ...shown] = part.split('\n');
      return { args: wordsOf(line), shown: shown.join('\n') };
    });
}

// As a shell would take them apart: quotes hold words together.
const wordsOf = (line: string): string[] =>
  [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, single, double, bare]) => single ?? double ?? bare ?? '');

/** The document with other outputs, one a command. */
export function withOutputs(markdown: string, outputs: readonly string[]): string {
  let next = 0;
  return markdown.replaceAll(/```console\n(.*?)```/gs, (_, block: string) => {
    const lines = block.split('\n').filter((line) => line.startsWith('$ rollcall '));
    return `\`\`\`console\n${lines.map((line) => `${line}\n${outputs[next++] ?? ''}`).join('')}\`\`\``;
  });
}

const ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;

/** Output without what differs from run to run: ids, times, addresses, and the width of columns. */
export function comparable(output: string): string {
  return (
    output
      .replaceAll(ID, '<id>')
      .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
      // Partitions are named after their day.
      .replaceAll(/_\d{8}\b/g, '_<day>')
      .replaceAll(/\d+ h \d+ min|\d+ min \d+ s|[\d.]+ s\b|[\d,]+ ms/g, '<duration>')
      .replaceAll(/https:\/\/(localhost:\d+|graph\.microsoft\.com)/g, '<graph>')
      .replaceAll(/(127\.0\.0\.1|db\.example):\d+\/rollcall\w*/g, '<database>')
      .replaceAll(/ +/g, ' ')
      // Of the access log, the size of an answer: that of a token differs.
      .replaceAll(/<duration> [\d,]+ (\d+)$/gm, '<duration> <bytes> $1')
      .trim()
  );
}

/** What the ids of one output are called in the other, by their places. */
export function sameIds(shown: string, printed: string): Map<string, string> {
  const there = printed.match(ID) ?? [];
  return new Map((shown.match(ID) ?? []).map((id, index) => [id, there[index] ?? id]));
}
