// Expressions, as ESTree's nodes.
import { LINE_BREAK } from './lexer.js';
import { CONSTANTS, type Draft, PartsParser, toPattern } from './parts.js';

const PREFIXES = new Set(['!', '~', '+', '-', 'typeof', 'void', 'delete']);
const PRECEDENCE: Readonly<Record<string, number>> = {
  '??': 1,
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '===': 6,
  '!==': 6,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  in: 7,
  instanceof: 7,
  '<<': 8,
  '>>': 8,
  '>>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
  '**': 11,
};
/** Parentheses that are an expression's, as their first characters tell. */
const NO_PARAMETERS = /^\(\s*(?:[$\w]+\s*[^\s$\w,=)/\\\u0080-\uffff]|[("'`\d!+~-])/;

export abstract class ExpressionParser extends PartsParser {
  /** Where parentheses begin that are known not to be an arrow function's. */
  private readonly grouped = new Set<number>();

  protected abstract parseFunction(start: number, isStatement: boolean, isAsync: boolean): Draft;
  protected abstract parseArrow(start: number, params: Draft[], isAsync: boolean): Draft;
  protected abstract parseClass(isStatement: boolean): Draft;

  parseExpression(): Draft {
    const { start } = this.token;
    const first = this.parseAssignment();
    if (!this.is(',')) return first;
    const expressions = [first];
    while (this.eat(',')) expressions.push(this.parseAssignment());
    return this.node(start, 'SequenceExpression', { expressions });
  }

  protected readonly parseAssignment = (): Draft => {
    const { start } = this.token;
    if (this.isGenerator && this.is('yield')) return this.parseYield();
    const left = this.parseConditional();
    const operator = this.token.type.label;
    if (!/^(?:[^=!<>]|\*\*|<<|>>>?|&&|\|\||\?\?)?=$/.test(operator)) return left;
    this.take();
    if (operator === '=') toPattern(left);
    const right = this.parseAssignment();
    return this.node(start, 'AssignmentExpression', { operator, left, right });
  };

  private parseYield(): Draft {
    const { start } = this.take();
    const isEnd = this.isNewLine || /^(?:[)\]},;:]|eof)$/.test(this.token.type.label) || this.is('in');
    const delegate = !isEnd && this.eat('*');
    const argument = isEnd ? null : this.parseAssignment();
    return this.node(start, 'YieldExpression', { delegate, argument });
  }

  private parseConditional(): Draft {
    const { start } = this.token;
    const first = this.parseUnary();
    if (this.isBareArrow(first)) return first;
    const test = this.parseBinary(start, first, 0);
    if (!this.eat('?')) return test;
    const consequent = this.within({ noIn: false }, this.parseAssignment);
    this.expect(':');
    const alternate = this.parseAssignment();
    return this.node(start, 'ConditionalExpression', { test, consequent, alternate });
  }

  private parseBinary(start: number, left: Draft, least: number): Draft {
    const operator = this.token.value as string;
    const { label } = this.token.type;
    const isOperator =
      label === operator || (label === 'name' && (operator === 'instanceof' || operator === 'in'));
    const precedence = isOperator && !(this.noIn && operator === 'in') ? (PRECEDENCE[operator] ?? 0) : 0;
    if (precedence <= least) return left;
    this.take();
    const next = this.token.start;
    const right = this.parseBinary(next, this.parseUnary(), operator === '**' ? precedence - 1 : precedence);
    const type = /^(?:\?\?|\|\||&&)$/.test(operator) ? 'LogicalExpression' : 'BinaryExpression';
    return this.parseBinary(start, this.node(start, type, { left, operator, right }), least);
  }

  private parseUnary(): Draft {
    const { start, value } = this.token;
    const { label } = this.token.type;
    const operator = value as string;
    if (label === '++' || label === '--') {
      this.take();
      const argument = this.parseUnary();
      return this.node(start, 'UpdateExpression', { operator, prefix: true, argument });
    }
    if ((label === operator || label === 'name') && PREFIXES.has(operator)) {
      this.take();
      const argument = this.parseUnary();
      return this.node(start, 'UnaryExpression', { operator, prefix: true, argument });
    }
    if (this.isAsync && this.is('await')) {
      this.take();
      const argument = this.parseUnary();
      return this.node(start, 'AwaitExpression', { argument });
    }
    const argument = this.parseLeftHandSide();
    if (this.isNewLine || !(this.is('++') || this.is('--'))) return argument;
    const postfix = this.take().value;
    return this.node(start, 'UpdateExpression', { operator: postfix, prefix: false, argument });
  }

  /** An arrow function without parentheses around it: an expression does not go on behind its body. */
  private isBareArrow(node: Draft): boolean {
    return node.type === 'ArrowFunctionExpression' && node.end === this.last;
  }

  /** What can be called, with the calls. */
  protected parseLeftHandSide(): Draft {
    const { start } = this.token;
    return this.parseSubscripts(start, this.parseAtom(), true);
  }

  private parseSubscripts(start: number, atom: Draft, calls: boolean): Draft {
    if (this.isBareArrow(atom)) return atom;
    let node = atom;
    let isChain = false;
    for (;;) {
      const optional = calls && this.eat('?.');
      isChain ||= optional;
      if (this.eat('[')) {
        const property = this.within({ noIn: false }, () => this.parseExpression());
        this.expect(']');
        node = this.node(start, 'MemberExpression', { object: node, property, computed: true, optional });
      } else if (calls && this.eat('(')) {
        const args = this.parseArguments();
        node = this.node(start, 'CallExpression', { callee: node, arguments: args, optional });
      } else if (this.is('`')) {
        const quasi = this.parseTemplate();
        node = this.node(start, 'TaggedTemplateExpression', { tag: node, quasi });
      } else if (optional || this.eat('.')) {
        const property = this.is('#') ? this.parsePrivate() : this.parseIdentifier();
        node = this.node(start, 'MemberExpression', { object: node, property, computed: false, optional });
      } else break;
    }
    return isChain ? this.node(start, 'ChainExpression', { expression: node }) : node;
  }

  private parseArguments(): Draft[] {
    return this.within({ noIn: false }, () => this.parseList(')', this.parseElement));
  }

  private parseAtom(): Draft {
    const { start } = this.token;
    switch (this.token.type.label) {
      case 'name':
        return this.parseName(start);
      case 'num':
      case 'string':
        return this.parseLiteral();
      case '/':
      case '/=': {
        this.rescanRegExp();
        const regex = this.take().value as { pattern: string; flags: string };
        const raw = this.text.slice(start, this.last);
        return this.node(start, 'Literal', { value: new RegExp(regex.pattern, regex.flags), raw, regex });
      }
      case '`':
        return this.parseTemplate();
      case '#':
        return this.parsePrivate();
      case '[': {
        this.take();
        const parse = () => (this.is(',') ? null : this.parseElement());
        const elements = this.within({ noIn: false }, () => this.parseList(']', parse));
        return this.node(start, 'ArrayExpression', { elements });
      }
      case '{': {
        this.take();
        const parse = () => this.parseProperty(false);
        const properties = this.within({ noIn: false }, () => this.parseList('}', parse));
        return this.node(start, 'ObjectExpression', { properties });
      }
      case '(': {
        const arrow = this.tryArrow(start, false);
        if (arrow !== undefined) return arrow;
        this.take();
        const inner = this.within({ noIn: false }, () => this.parseExpression());
        this.expect(')');
        return inner;
      }
      default:
        return this.unexpected();
    }
  }

  private parseName(start: number): Draft {
    const { value } = this.token;
    if (CONSTANTS.has(value)) return this.parseLiteral();
    const behind = this.peek();
    const { label } = behind.type;
    switch (value) {
      case 'this':
        this.take();
        return this.node(start, 'ThisExpression', {});
      case 'super':
        this.take();
        return this.node(start, 'Super', {});
      case 'function':
        return this.parseFunction(start, false, false);
      case 'class':
        return this.parseClass(false);
      case 'new':
        return this.parseNew();
      case 'import':
        return this.parseImport();
      case 'async': {
        if (LINE_BREAK.test(this.text.slice(this.token.end, behind.start))) break;
        if (behind.value === 'function') {
          this.take();
          return this.parseFunction(start, false, true);
        }
        if (label === '(') {
          const arrow = this.tryArrow(start, true);
          if (arrow !== undefined) return arrow;
        }
        if (label !== 'name') break;
        this.take();
        if (this.peek().type.label !== '=>') return this.unexpected();
        return this.parseArrow(start, [this.parseIdentifier()], true);
      }
    }
    if (label === '=>') return this.parseArrow(start, [this.parseIdentifier()], false);
    return this.parseIdentifier();
  }

  private parseNew(): Draft {
    const { start } = this.token;
    const meta = this.parseIdentifier();
    if (this.eat('.')) return this.node(start, 'MetaProperty', { meta, property: this.parseIdentifier() });
    const from = this.token.start;
    const callee = this.parseSubscripts(from, this.parseAtom(), false);
    const args = this.eat('(') ? this.parseArguments() : [];
    return this.node(start, 'NewExpression', { callee, arguments: args });
  }

  private parseImport(): Draft {
    const { start } = this.token;
    const meta = this.parseIdentifier();
    if (this.eat('.')) return this.node(start, 'MetaProperty', { meta, property: this.parseIdentifier() });
    this.expect('(');
    const [source, options = null] = this.parseArguments();
    return this.node(start, 'ImportExpression', { source, options });
  }

  private parseTemplate(): Draft {
    const { start } = this.token;
    const expressions: Draft[] = [];
    const quasis: Draft[] = [];
    for (;;) {
      const { start: from, end, cooked = null, raw } = this.takeChunk();
      const tail = this.is('`');
      quasis.push({ type: 'TemplateElement', start: from, end, value: { raw, cooked }, tail });
      this.take();
      if (tail) return this.node(start, 'TemplateLiteral', { expressions, quasis });
      expressions.push(this.within({ noIn: false }, () => this.parseExpression()));
      if (!this.is('}')) this.unexpected();
    }
  }

  /** An arrow function, if what the next token begins is one. */
  private tryArrow(start: number, isAsync: boolean): Draft | undefined {
    const from = this.token;
    if (this.grouped.has(from.start) || NO_PARAMETERS.test(this.text.slice(start, start + 64)))
      return undefined;
    const { isNewLine, last } = this;
    const taken = this.tokens.length;
    try {
      if (isAsync) this.take();
      this.take();
      const params = this.within({ noIn: false }, () => this.parseList(')', this.parseParameter));
      if (this.is('=>')) return this.parseArrow(start, params, isAsync);
    } catch (error) {
      // Within its body an error is one.
      if (!(error instanceof SyntaxError)) throw error;
    }
    this.grouped.add(from.start);
    this.tokens.length = taken;
    Object.assign(this, { token: from, isNewLine, last });
    return undefined;
  }
}
