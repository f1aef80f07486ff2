/** The run went on elsewhere: whoever meets this stops writing at once. */
export class TakenOver extends Error {
  override readonly name = 'TakenOver';
}
