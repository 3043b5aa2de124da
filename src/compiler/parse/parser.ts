// Functions, classes and statements; with them, the parser of a function's source text.
import type { Node } from './ast.js';
import { ExpressionParser } from './expressions.js';
import { LINE_BREAK, type Token } from './lexer.js';
import { type Draft, toPattern } from './parts.js';

class Parser extends ExpressionParser {
  protected parseFunction(start: number, isStatement: boolean, isAsync: boolean): Draft {
    this.expect('function');
    const isGenerator = this.eat('*');
    const id = this.is('(') ? null : this.parseIdentifier();
    const rest = this.parseFunctionRest(isAsync, isGenerator);
    return this.node(start, isStatement ? 'FunctionDeclaration' : 'FunctionExpression', { id, ...rest });
  }

  protected parseMethod(isAsync: boolean, isGenerator: boolean): Draft {
    const { start } = this.token;
    const rest = this.parseFunctionRest(isAsync, isGenerator);
    return this.node(start, 'FunctionExpression', { id: null, ...rest });
  }

  /** From the parameters on. */
  private parseFunctionRest(isAsync: boolean, isGenerator: boolean): Record<string, unknown> {
    return this.within({ noIn: false, isAsync, isGenerator }, () => {
      this.expect('(');
      const params = this.parseList(')', this.parseParameter);
      const body = this.parseBlock();
      return { generator: isGenerator, async: isAsync, expression: false, params, body };
    });
  }

  protected parseArrow(start: number, params: Draft[], isAsync: boolean): Draft {
    this.expect('=>');
    const expression = !this.is('{');
    const body = expression
      ? this.within({ isAsync, isGenerator: false }, this.parseAssignment)
      : this.within({ isAsync, isGenerator: false, noIn: false }, () => this.parseBlock());
    const fields = { id: null, generator: false, async: isAsync, expression, params, body };
    return this.node(start, 'ArrowFunctionExpression', fields);
  }

  protected parseClass(isStatement: boolean): Draft {
    const { start } = this.take();
    const id = this.is('{') || this.is('extends') ? null : this.parseIdentifier();
    const superClass = this.eat('extends') ? this.parseLeftHandSide() : null;
    const from = this.token.start;
    this.expect('{');
    const members: Draft[] = [];
    while (!this.eat('}')) if (!this.eat(';')) members.push(this.parseMember());
    const body = this.node(from, 'ClassBody', { body: members });
    return this.node(start, isStatement ? 'ClassDeclaration' : 'ClassExpression', { id, superClass, body });
  }

  private parseMember(): Draft {
    const { start } = this.token;
    const isStatic = this.eatModifier('static');
    if (isStatic && this.is('{')) {
      const { body } = this.within({ noIn: false, isAsync: false, isGenerator: false }, () =>
        this.parseBlock(),
      );
      return this.node(start, 'StaticBlock', { body });
    }
    const isAsync = this.eatModifier('async');
    const isGenerator = this.eat('*');
    const accessor = this.eatModifier('get') ? 'get' : this.eatModifier('set') ? 'set' : undefined;
    const { computed, key } = this.parseKey();
    if (this.is('(')) {
      const isConstructor =
        !isStatic && !computed && (key['name'] === 'constructor' || key['value'] === 'constructor');
      const kind = accessor ?? (isConstructor ? 'constructor' : 'method');
      const value = this.parseMethod(isAsync, isGenerator);
      return this.node(start, 'MethodDefinition', { static: isStatic, computed, key, kind, value });
    }
    const settings = { noIn: false, isAsync: false, isGenerator: false };
    const value = this.eat('=') ? this.within(settings, this.parseAssignment) : null;
    this.endStatement();
    return this.node(start, 'PropertyDefinition', { static: isStatic, computed, key, value });
  }

  private parseBlock(): Draft {
    const { start } = this.token;
    this.expect('{');
    const body = this.parseStatements();
    this.expect('}');
    return this.node(start, 'BlockStatement', { body });
  }

  private parseStatements(): Draft[] {
    const body: Draft[] = [];
    while (!this.is('}') && !this.is('case') && !this.is('default')) body.push(this.parseStatement());
    return body;
  }

  /** The end of a statement: a semicolon, or where one is inserted. */
  private endStatement(): void {
    if (!this.eat(';') && !this.isStatementEnd()) this.unexpected();
  }

  private isStatementEnd(): boolean {
    return this.isNewLine || this.is(';') || this.is('}') || this.token.type.label === 'eof';
  }

  private parseParenthesised(): Draft {
    this.expect('(');
    const expression = this.parseExpression();
    this.expect(')');
    return expression;
  }

  private parseStatement(): Draft {
    const { start, value } = this.token;
    const { label } = this.token.type;
    if (label === '{') return this.parseBlock();
    if (this.eat(';')) return this.node(start, 'EmptyStatement', {});
    const read = label === 'name' ? this.parseKeyword(start, value as string) : undefined;
    if (read !== undefined) return read;
    const expression = this.parseExpression();
    if (expression.type === 'Identifier' && this.eat(':')) {
      return this.node(start, 'LabeledStatement', { label: expression, body: this.parseStatement() });
    }
    this.endStatement();
    return this.node(start, 'ExpressionStatement', { expression });
  }

  private parseKeyword(start: number, word: string): Draft | undefined {
    switch (word) {
      case 'var':
      case 'const':
        return this.parseDeclarations(true);
      case 'let':
      case 'using':
        return this.isDeclaration() ? this.parseDeclarations(true) : undefined;
      case 'function':
        return this.parseFunction(start, true, false);
      case 'async': {
        const { value, start: next } = this.peek();
        if (value !== 'function' || LINE_BREAK.test(this.text.slice(this.token.end, next))) return undefined;
        this.take();
        return this.parseFunction(start, true, true);
      }
      case 'class':
        return this.parseClass(true);
      case 'if': {
        this.take();
        const test = this.parseParenthesised();
        const consequent = this.parseStatement();
        const alternate = this.eat('else') ? this.parseStatement() : null;
        return this.node(start, 'IfStatement', { test, consequent, alternate });
      }
      case 'for':
        return this.parseFor();
      case 'while': {
        this.take();
        const test = this.parseParenthesised();
        const body = this.parseStatement();
        return this.node(start, 'WhileStatement', { test, body });
      }
      case 'do': {
        this.take();
        const body = this.parseStatement();
        this.expect('while');
        const test = this.parseParenthesised();
        this.eat(';');
        return this.node(start, 'DoWhileStatement', { body, test });
      }
      case 'with': {
        this.take();
        const object = this.parseParenthesised();
        const body = this.parseStatement();
        return this.node(start, 'WithStatement', { object, body });
      }
      case 'return':
      case 'throw': {
        this.take();
        const argument = this.isStatementEnd() ? null : this.parseExpression();
        this.endStatement();
        return this.node(start, word === 'return' ? 'ReturnStatement' : 'ThrowStatement', { argument });
      }
      case 'break':
      case 'continue': {
        this.take();
        const label = this.isStatementEnd() ? null : this.parseIdentifier();
        this.endStatement();
        return this.node(start, word === 'break' ? 'BreakStatement' : 'ContinueStatement', { label });
      }
      case 'switch':
        return this.parseSwitch();
      case 'try':
        return this.parseTry();
      case 'debugger':
        this.take();
        this.endStatement();
        return this.node(start, 'DebuggerStatement', {});
      default:
        return undefined;
    }
  }

  /** Whether `let` or `using` begins a declaration: elsewhere they are names. */
  private isDeclaration(): boolean {
    const { type, value } = this.peek();
    if (this.is('let') && (type.label === '[' || type.label === '{')) return true;
    return (
      type.label === 'name' &&
      !(this.is('let') ? /^in(?:stanceof)?$/ : /^(?:in|of|instanceof)$/).test(value as string)
    );
  }

  private parseDeclarations(isStatement: boolean): Draft {
    const { start, value: kind } = this.take();
    const declarations: Draft[] = [];
    do {
      const from = this.token.start;
      const id = this.parseBinding();
      const init = this.eat('=') ? this.parseAssignment() : null;
      declarations.push(this.node(from, 'VariableDeclarator', { id, init }));
    } while (this.eat(','));
    if (isStatement) this.endStatement();
    return this.node(start, 'VariableDeclaration', { kind, declarations });
  }

  private parseFor(): Draft {
    const { start } = this.take();
    const isAwait = this.eat('await');
    this.expect('(');
    const isDeclaration =
      this.is('var') || this.is('const') || ((this.is('let') || this.is('using')) && this.isDeclaration());
    const init = this.within({ noIn: true }, () => {
      if (this.is(';')) return null;
      return isDeclaration ? this.parseDeclarations(false) : this.parseExpression();
    });
    const isOf = this.is('of');
    if (init !== null && (isOf || this.is('in'))) {
      this.take();
      const left = isDeclaration ? init : toPattern(init);
      const right = isOf ? this.parseAssignment() : this.parseExpression();
      this.expect(')');
      const body = this.parseStatement();
      return isOf
        ? this.node(start, 'ForOfStatement', { await: isAwait, left, right, body })
        : this.node(start, 'ForInStatement', { left, right, body });
    }
    this.expect(';');
    const test = this.is(';') ? null : this.parseExpression();
    this.expect(';');
    const update = this.is(')') ? null : this.parseExpression();
    this.expect(')');
    const body = this.parseStatement();
    return this.node(start, 'ForStatement', { init, test, update, body });
  }

  private parseSwitch(): Draft {
    const { start } = this.take();
    const discriminant = this.parseParenthesised();
    this.expect('{');
    const cases: Draft[] = [];
    while (!this.eat('}')) {
      const from = this.token.start;
      const isDefault = this.eat('default');
      if (!isDefault) this.expect('case');
      const test = isDefault ? null : this.parseExpression();
      this.expect(':');
      const consequent = this.parseStatements();
      cases.push(this.node(from, 'SwitchCase', { test, consequent }));
    }
    return this.node(start, 'SwitchStatement', { discriminant, cases });
  }

  private parseTry(): Draft {
    const { start } = this.take();
    const block = this.parseBlock();
    const from = this.token.start;
    let handler: Draft | null = null;
    if (this.eat('catch')) {
      let param: Draft | null = null;
      if (this.eat('(')) {
        param = this.parseBinding();
        this.expect(')');
      }
      handler = this.node(from, 'CatchClause', { param, body: this.parseBlock() });
    }
    const finalizer = this.eat('finally') ? this.parseBlock() : null;
    return this.node(start, 'TryStatement', { block, handler, finalizer });
  }
}

/**
 * Parses the expression that a text begins with.
 *
 * @param text Source text that an engine has parsed before, such as a function's: what is no JavaScript may pass.
 * @throws {SyntaxError} If it can't be read.
 */
export function parseExpression(text: string): { node: Node; tokens: readonly Token[] } {
  const parser = new Parser(text);
  const node = parser.parseExpression() as unknown as Node;
  return { node, tokens: parser.tokens };
}
