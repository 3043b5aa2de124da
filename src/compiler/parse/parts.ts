// What expressions, functions and classes are put together from: names, literals, patterns, properties; and the parser's state.
import { Lexer, LINE_BREAK } from './lexer.js';

/** A node while it is made. Positions of parenthesised expressions are those within the parentheses. */
export interface Draft {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

export const CONSTANTS = new Map<unknown, unknown>([
  ['null', null],
  ['true', true],
  ['false', false],
]);

/** Turns what was read as an expression into the pattern that it turned out to be. */
export function toPattern(node: Draft): Draft {
  if (node.type === 'ObjectExpression') {
    node.type = 'ObjectPattern';
    for (const property of node['properties'] as Draft[]) {
      if (property.type === 'SpreadElement') toPattern(property);
      else toPattern(property['value'] as Draft);
    }
  } else if (node.type === 'ArrayExpression') {
    node.type = 'ArrayPattern';
    for (const element of node['elements'] as Array<Draft | null>) if (element) toPattern(element);
  } else if (node.type === 'SpreadElement') {
    node.type = 'RestElement';
    toPattern(node['argument'] as Draft);
  } else if (node.type === 'AssignmentExpression') {
    node.type = 'AssignmentPattern';
    delete node['operator'];
  }
  return node;
}

export abstract class PartsParser extends Lexer {
  /** Whether `in` is an operator, where it could be part of a loop's head. */
  protected noIn = false;
  protected isAsync = false;
  protected isGenerator = false;

  protected abstract readonly parseAssignment: () => Draft;
  protected abstract parseMethod(isAsync: boolean, isGenerator: boolean): Draft;

  protected node(start: number, type: string, fields: Record<string, unknown>): Draft {
    return { type, start, end: this.last, ...fields };
  }

  /** Whether the next token is this name or punctuator. */
  protected is(value: string): boolean {
    const { label } = this.token.type;
    return label === value || (label === 'name' && this.token.value === value);
  }

  /** Takes the next token if it is this one. */
  protected eat(value: string): boolean {
    if (!this.is(value)) return false;
    this.take();
    return true;
  }

  protected expect(value: string): void {
    if (!this.eat(value)) this.unexpected();
  }

  /** What `parse` reads, up to a closing bracket, between commas. */
  protected parseList<T>(close: string, parse: () => T): T[] {
    const list: T[] = [];
    while (!this.eat(close)) {
      list.push(parse());
      if (!this.is(close)) this.expect(',');
    }
    return list;
  }

  /** Reads with other settings of where `in`, `await` and `yield` are what. */
  protected within<T>(
    settings: { noIn?: boolean; isAsync?: boolean; isGenerator?: boolean },
    parse: () => T,
  ): T {
    const { noIn, isAsync, isGenerator } = this;
    Object.assign(this, settings);
    try {
      return parse();
    } finally {
      Object.assign(this, { noIn, isAsync, isGenerator });
    }
  }

  protected parseIdentifier(): Draft {
    const { start } = this.token;
    if (this.token.type.label !== 'name') this.unexpected();
    const name = this.take().value;
    return this.node(start, 'Identifier', { name });
  }

  protected parsePrivate(): Draft {
    const { start } = this.take();
    const { value } = this.take();
    return this.node(start, 'PrivateIdentifier', { name: value });
  }

  protected parseLiteral(): Draft {
    const { start, value, type } = this.take();
    const raw = this.text.slice(start, this.last);
    if (type.label === 'name') return this.node(start, 'Literal', { value: CONSTANTS.get(value), raw });
    if (typeof value === 'bigint') return this.node(start, 'Literal', { value, raw, bigint: String(value) });
    return this.node(start, 'Literal', { value, raw });
  }

  protected readonly parseElement = (): Draft => {
    const { start } = this.token;
    if (!this.eat('...')) return this.parseAssignment();
    const argument = this.parseAssignment();
    return this.node(start, 'SpreadElement', { argument });
  };

  /** A parameter, or another place where names are bound. */
  protected readonly parseParameter = (): Draft => {
    const { start } = this.token;
    if (this.eat('...')) return this.node(start, 'RestElement', { argument: this.parseBinding() });
    const left = this.parseBinding();
    if (!this.eat('=')) return left;
    const right = this.parseAssignment();
    return this.node(start, 'AssignmentPattern', { left, right });
  };

  protected parseBinding(): Draft {
    const { start } = this.token;
    if (this.eat('[')) {
      const elements = this.parseList(']', () => (this.is(',') ? null : this.parseParameter()));
      return this.node(start, 'ArrayPattern', { elements });
    }
    if (this.eat('{')) {
      const properties = this.parseList('}', () => this.parseProperty(true));
      return this.node(start, 'ObjectPattern', { properties });
    }
    return this.parseIdentifier();
  }

  /** The key of a property or member. */
  protected parseKey(): { computed: boolean; key: Draft } {
    if (this.eat('[')) {
      const key = this.within({ noIn: false }, this.parseAssignment);
      this.expect(']');
      return { computed: true, key };
    }
    const { label } = this.token.type;
    if (label === '#') return { computed: false, key: this.parsePrivate() };
    const key = label === 'name' ? this.parseIdentifier() : this.parseLiteral();
    return { computed: false, key };
  }

  /** Takes a word before a member, such as `get`, if it is not the member's own name. */
  protected eatModifier(word: string): boolean {
    if (!this.is(word)) return false;
    const { type, start } = this.peek();
    if (/^(?:[(,:=};]|eof)$/.test(type.label)) return false;
    if (word === 'async' && LINE_BREAK.test(this.text.slice(this.token.end, start))) return false;
    this.take();
    return true;
  }

  protected parseProperty(isPattern: boolean): Draft {
    const { start } = this.token;
    if (this.is('...')) return isPattern ? this.parseParameter() : this.parseElement();
    const isAsync = this.eatModifier('async');
    const isGenerator = this.eat('*');
    const kind = this.eatModifier('get') ? 'get' : this.eatModifier('set') ? 'set' : 'init';
    const { computed, key } = this.parseKey();
    const property = (method: boolean, shorthand: boolean, value: Draft) =>
      this.node(start, 'Property', { method, shorthand, computed, key, value, kind });
    if (this.eat(':')) {
      return property(false, false, isPattern ? this.parseParameter() : this.parseAssignment());
    }
    if (this.is('(')) return property(kind === 'init', false, this.parseMethod(isAsync, isGenerator));
    // The value is a node of its own.
    const left = { ...key };
    if (!this.eat('=')) return property(false, true, left);
    const right = this.parseAssignment();
    return property(false, true, this.node(start, 'AssignmentPattern', { left, right }));
  }
}
