// Tokens of JavaScript, of source text that an engine has already taken: nothing is checked that has been checked there.

/** A token, with its place in the text. */
export interface Token {
  /** Punctuators are their own labels; the others are `name` (keywords, too), `num`, `string`, `regexp`, `template`, `eof`. */
  readonly type: { readonly label: string };
  readonly start: number;
  readonly end: number;
  /** Of names the name, of literals the value, of templates the raw text; the label else. */
  readonly value: unknown;
}

const ESCAPE = String.raw`\\u(?:[\da-fA-F]{4}|\{[\da-fA-F]+\})`;
const BLANK = /(?:\s+|\/\/.*|\/\*[\s\S]*?\*\/)*/y;
export const LINE_BREAK = /[\n\r\u2028\u2029]/;
const NAME = new RegExp(
  `(?:[$_\\p{ID_Start}]|${ESCAPE})(?:[$\u200c\u200d\\p{ID_Continue}]|${ESCAPE})*`,
  'uy',
);
const NUMBER =
  /0[xX][\da-fA-F_]+n?|0[oO][0-7_]+n?|0[bB][01_]+n?|(?:\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][+-]?[\d_]+)?n?/y;
const STRING = /"(?:[^"\\]+|\\[\s\S])*"|'(?:[^'\\]+|\\[\s\S])*'/y;
const REGEXP = /\/(?:[^\\/[]|\\.|\[(?:[^\]\\]|\\.)*\])+\/[$\w]*/y;
const CHUNK = /(?:[^`\\$]+|\\[\s\S]|\$(?!\{))*/y;
const PUNCTUATOR =
  />>>=|\.\.\.|[=!]==|(?:\*\*|<<|>>|&&|\|\||\?\?)=|>>>|=>|[=!<>+\-*/%&|^]=|&&|\|\||\?\?|\?\.(?!\d)|\+\+|--|<<|>>|\*\*|[\s\S]/y;

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f', v: '\v' };

/** The text that escapes in a string, a template or a name stand for; undefined for those that only tagged templates may have. */
function cook(text: string): string | undefined {
  if (!text.includes('\\')) return text;
  let isValid = true;
  const cooked = text.replace(
    /\\(?:u\{([\da-fA-F]+)\}|u([\da-fA-F]{4})|x([\da-fA-F]{2})|([0-3]?[0-7]{1,2})|\r\n|([\s\S]))/g,
    (_, braced?: string, four?: string, two?: string, octal?: string, other?: string) => {
      const hex = braced ?? four ?? two;
      if (hex !== undefined) return String.fromCodePoint(Number.parseInt(hex, 16));
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if (other === 'u' || other === 'x') isValid = false;
      if (other === undefined || LINE_BREAK.test(other)) return '';
      return ESCAPES[other] ?? other;
    },
  );
  return isValid ? cooked : undefined;
}

function numberOf(text: string): number | bigint {
  const digits = text.replaceAll('_', '');
  if (digits.endsWith('n')) return BigInt(digits.slice(0, -1));
  return /^0[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : Number(digits);
}

/** Reads tokens one by one; which of them a `/` begins, and where templates go on, its user says. */
export class Lexer {
  /** Those that were taken. */
  readonly tokens: Token[] = [];
  /** The one to be taken next. */
  protected token: Token;
  /** Whether a line break is before it. */
  protected isNewLine = false;
  /** Where the last one that was taken ends. */
  protected last = 0;
  /** The token behind the next one, if it was looked at. */
  private ahead: { from: number; token: Token; isNewLine: boolean } | undefined;

  constructor(protected readonly text: string) {
    this.token = this.scan(0);
  }

  /** Takes the token, and reads the next. */
  protected take(): Token {
    const { token } = this;
    this.tokens.push(token);
    this.last = token.end;
    this.isNewLine = this.ahead?.from === token.end ? this.ahead.isNewLine : false;
    this.token = this.ahead?.from === token.end ? this.ahead.token : this.scan(token.end);
    return token;
  }

  /** The token behind the next one. */
  protected peek(): Token {
    const from = this.token.end;
    if (this.ahead?.from !== from) {
      const { isNewLine } = this;
      const token = this.scan(from);
      this.ahead = { from, token, isNewLine: this.isNewLine };
      this.isNewLine = isNewLine;
    }
    return this.ahead.token;
  }

  /** Reads the next token again as a regular expression. */
  protected rescanRegExp(): void {
    const { start } = this.token;
    const raw = this.match(REGEXP, start) ?? this.unexpected();
    const end = raw.lastIndexOf('/');
    const value = { pattern: raw.slice(1, end), flags: raw.slice(end + 1) };
    this.token = { type: { label: 'regexp' }, start, end: start + raw.length, value };
  }

  /** Takes the next token, the quote or brace that text of a template follows, and that text. */
  protected takeChunk(): { start: number; end: number; cooked: string | undefined; raw: string } {
    const { token } = this;
    const raw = this.match(CHUNK, token.end) ?? '';
    const [start, end] = [token.end, token.end + raw.length];
    this.tokens.push(token, { type: { label: 'template' }, start, end, value: raw });
    this.last = end;
    const label = this.text[end] === '`' ? '`' : '${';
    this.token = { type: { label }, start: end, end: end + label.length, value: label };
    const normal = raw.replace(/\r\n?/g, '\n');
    return { start, end, cooked: cook(normal), raw: normal };
  }

  protected unexpected(): never {
    throw new SyntaxError(`unexpected ${this.text.slice(this.token.start, this.token.end) || 'end'}`);
  }

  private match(pattern: RegExp, at: number): string | undefined {
    pattern.lastIndex = at;
    return pattern.exec(this.text)?.[0];
  }

  private scan(from: number): Token {
    const blank = this.match(BLANK, from) ?? '';
    this.isNewLine = LINE_BREAK.test(blank);
    const start = from + blank.length;
    const token = (label: string, text: string, value: unknown): Token => ({
      type: { label },
      start,
      end: start + text.length,
      value,
    });
    if (start >= this.text.length) return token('eof', '', undefined);
    const name = this.match(NAME, start);
    if (name !== undefined) return token('name', name, cook(name));
    const number = this.match(NUMBER, start);
    if (number !== undefined) return token('num', number, numberOf(number));
    const string = this.match(STRING, start);
    if (string !== undefined) return token('string', string, cook(string.slice(1, -1)));
    const punctuator = this.match(PUNCTUATOR, start) as string;
    return token(punctuator, punctuator, punctuator);
  }
}
