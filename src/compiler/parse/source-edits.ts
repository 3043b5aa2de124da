// Edits of source text: disjoint ranges that are replaced, and text that is put around ranges.

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** At one position: what leads all else, then closing text, then opening text, then replacements. */
  readonly rank: -1 | 0 | 1 | 2;
  /** How long the range is that opening or closing text belongs to. */
  readonly span: number;
  readonly order: number;
}

export class SourceEdits {
  private readonly edits: Edit[] = [];

  constructor(private readonly text: string) {}

  get isEmpty(): boolean {
    return this.edits.length === 0;
  }

  /** Replaces a range, or inserts text that goes with what follows. */
  replace(start: number, end: number, text: string): void {
    this.edits.push({ start, end, text, rank: 2, span: 0, order: this.edits.length });
  }

  /** Inserts text before all that is put around or in the place of what begins there. */
  lead(start: number, text: string): void {
    this.edits.push({ start, end: start, text, rank: -1, span: 0, order: this.edits.length });
  }

  /** Puts text around a range; of two ranges with one end in common the longer one lies outside. */
  wrap(start: number, end: number, before: string, after: string): void {
    const span = end - start;
    if (before !== '')
      this.edits.push({ start, end: start, text: before, rank: 1, span, order: this.edits.length });
    if (after !== '')
      this.edits.push({ start: end, end, text: after, rank: 0, span, order: this.edits.length });
  }

  /** The text from `from` to `to` with all edits that lie within. */
  apply(from = 0, to = this.text.length): string {
    const edits = this.edits
      .filter((edit) => edit.start >= from && edit.end <= to)
      .sort((a, b) => a.start - b.start || a.rank - b.rank || bySpan(a, b) || a.order - b.order);
    let out = '';
    let at = from;
    for (const edit of edits) {
      if (edit.start < at) throw new Error(`Edits overlap at ${edit.start}: ${edit.text}`);
      out += this.text.slice(at, edit.start) + edit.text;
      at = edit.end;
    }
    return out + this.text.slice(at, to);
  }
}

function bySpan(a: Edit, b: Edit): number {
  if (a.rank === 1) return b.span - a.span;
  return a.rank === 0 ? a.span - b.span : 0;
}
