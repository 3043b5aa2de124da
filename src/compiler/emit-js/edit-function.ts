// Edits a function so that it runs over views: what JavaScript would do with objects of its own, done over memory.
import type { OperatorPlan } from '../analyse/analyse-operator.js';
import { only, type Value } from '../analyse/value.js';
import { handlesState, mayBeView, type Site } from '../lower/sites.js';
import {
  children,
  type FunctionNode,
  isFunction,
  type Node,
  type ObjectExpression,
  type Of,
} from '../parse/ast.js';
import { isKeepName } from '../parse/build-tools.js';
import type { ParsedFunction } from '../parse/parse-function.js';
import { SourceEdits } from '../parse/source-edits.js';
import { editArrayRead, editArrayWrite, isArrayTarget } from './edit-arrays.js';
import { editField } from './edit-fields.js';
import { editSite, editSpread } from './edit-records.js';
import { editRest } from './edit-rest.js';

/** What the edits of one stage share. */
export interface EditContext {
  readonly plan: OperatorPlan;
  readonly sites: ReadonlyMap<ObjectExpression, Site>;
  /** Starts every injected name. */
  readonly prefix: string;
  /** A name for a scratch variable of the driver. */
  temporary(): string;
  /** The view of a literal that is stored in place, and what its word address is called. */
  siteView(site: Site): { readonly view: string; readonly address: string };
}

export class FunctionEditor {
  readonly edits: SourceEdits;
  /** Literals that are stored field by field as part of another. */
  readonly nested = new Set<Node>();
  /** Members that were edited together with what is around them. */
  readonly handled = new Set<Node>();
  readonly handlesState: boolean;
  private readonly parents = new Map<Node, Node>();

  constructor(
    readonly fn: ParsedFunction,
    readonly context: EditContext,
  ) {
    this.edits = new SourceEdits(fn.text);
    this.handlesState = handlesState(context.plan, fn.node);
    this.visit(fn.node, undefined);
  }

  fact(node: Node): Value | undefined {
    return this.context.plan.analysis.facts.get(node);
  }

  name(name: string): string {
    return this.context.prefix + name;
  }

  text(node: Node): string {
    return this.fn.text.slice(node.start, node.end);
  }

  parent(node: Node): Node | undefined {
    return this.parents.get(node);
  }

  /** The first token with a label from a position on. */
  token(from: number, label: string): { start: number; end: number } {
    const found = this.fn.tokens.find((token) => token.start >= from && token.type.label === label);
    if (found === undefined) throw new Error(`No ${label} after ${from} in ${this.fn.text}`);
    return found;
  }

  /** Puts a call of one of the driver's helpers around an expression, which may be a sequence. */
  wrapCall(node: Node, helper: string): void {
    const [open, close] = node.type === 'SequenceExpression' ? ['((', '))'] : ['(', ')'];
    this.edits.wrap(node.start, node.end, `${this.name(helper)}${open}`, close);
  }

  mayBeView(node: Node): boolean {
    return mayBeView(this.fact(node), this.context.sites);
  }

  /** Whether a record may be a state that is not there: the analysis takes what `state.value` gives for a record. */
  mayBeMissing(node: Node): boolean {
    const { handles } = this.context.plan;
    return this.handlesState && (this.fact(node)?.records?.has(handles.stateType) ?? false);
  }

  private visit(node: Node, parent: Node | undefined): void {
    if (parent !== undefined) this.parents.set(node, parent);
    this.edit(node);
    for (const child of children(node)) this.visit(child, node);
    if (node.type === 'ExpressionStatement') this.keepApart(node);
  }

  /** A line that ends without a semicolon does not end where the next begins with a parenthesis: `a\n(b)` is a call. */
  private keepApart({ start, end }: Node): void {
    const begins = (text: string) => text.startsWith('(');
    if (begins(this.edits.apply(start, end)) && !begins(this.fn.text.slice(start, end)))
      this.edits.lead(start, '0, ');
  }

  private edit(node: Node): void {
    switch (node.type) {
      case 'ObjectExpression': {
        const site = this.context.sites.get(node);
        if (site !== undefined) editSite(this, site);
        else if (!this.nested.has(node))
          for (const part of node.properties) if (part.type === 'SpreadElement') editSpread(this, part);
        return;
      }
      case 'ObjectPattern':
        editRest(this, node);
        return;
      case 'MemberExpression':
        if (this.handled.has(node)) return;
        if (node.computed && !isArrayTarget(this, node)) editArrayRead(this, node);
        else if (!node.computed) editField(this, node);
        return;
      case 'AssignmentExpression':
      case 'UpdateExpression':
        editArrayWrite(this, node);
        return;
      case 'BinaryExpression':
        if (node.operator === 'instanceof') this.editInstanceOf(node);
        return;
      case 'ForInStatement':
        if (this.mayBeView(node.right)) this.wrapCall(node.right, 'own');
        return;
      case 'CallExpression':
        this.editCall(node);
        return;
    }
  }

  /** `r.samples instanceof Array` is true of what stands for an array. */
  private editInstanceOf({ start, left, right, end }: Of<'BinaryExpression'>): void {
    const names = [...(this.fact(right)?.namespaces ?? [])].map(({ name }) => name);
    if (!names.includes('Array') || left.type === 'PrivateIdentifier' || !this.mayBeView(left)) return;
    // Parentheses around the left side stay.
    const word = this.token(left.end, 'instanceof');
    this.edits.wrap(start, word.start, `${this.name('isArray')}(`, ')');
    this.edits.replace(word.start, end, '');
  }

  private editCall(node: Of<'CallExpression'>): void {
    const [first] = node.arguments;
    if (first !== undefined && isKeepName(node, this.fn)) {
      this.edits.replace(node.start, first.start, '(');
      this.edits.replace(first.end, node.end, ')');
      return;
    }
    if (node.callee.type !== 'MemberExpression') return;
    const object = this.fact(node.callee.object);
    const names = [...(object?.namespaces ?? [])].map((namespace) => namespace.name);
    const method = node.callee.property.type === 'Identifier' ? node.callee.property.name : '';
    if (object?.arrays && method === 'flat') {
      this.edits.wrap(node.callee.object.start, node.callee.object.end, `${this.name('lists')}(`, ')');
    } else if (names.includes('Array') && method === 'isArray') {
      const [given] = node.arguments;
      if (given !== undefined && this.mayBeView(given))
        this.edits.replace(node.callee.start, node.callee.end, this.name('isArray'));
    } else if (names.includes('console')) {
      for (const arg of node.arguments) {
        if (arg.type !== 'SpreadElement' && !isScalar(this.fact(arg))) this.wrapCall(arg, 'plain');
      }
    } else if (names.includes('Object') && method !== 'is') {
      node.arguments.forEach((arg, i) => {
        if (method === 'assign' && i === 0) return;
        if (arg.type !== 'SpreadElement' && this.mayBeView(arg)) this.wrapCall(arg, 'own');
      });
    }
  }

  /**
   * The edited text as an expression.
   *
   * @param using What the last parameter is where nothing is passed for it.
   */
  expression(using: string | undefined): string {
    if (using !== undefined) this.giveUsing(using);
    return this.edits.apply();
  }

  private giveUsing(using: string): void {
    const { node } = this.fn;
    const last = node.params.at(-1);
    const passed = this.context.plan.analysis.passed.get(node);
    if (last === undefined || last.type === 'RestElement' || node.params.length <= (passed?.fewest ?? 0))
      return;
    if (last.type === 'AssignmentPattern') {
      this.edits.replace(last.left.end, last.end, ` = ${using}`);
      return;
    }
    const bare =
      node.type === 'ArrowFunctionExpression' && this.fn.text.slice(node.start, last.start).trim() === '';
    this.edits.wrap(last.start, last.end, bare ? '(' : '', ` = ${using}${bare ? ')' : ''}`);
  }

  /** The expressions that a function returns, its own functions left out. */
  returns(node: FunctionNode = this.fn.node): { expression: Node | undefined; statement: Node }[] {
    if (node.body.type !== 'BlockStatement') return [{ expression: node.body, statement: node.body }];
    const found: { expression: Node | undefined; statement: Node }[] = [];
    const visit = (at: Node): void => {
      if (isFunction(at)) return;
      if (at.type === 'ReturnStatement') found.push({ expression: at.argument ?? undefined, statement: at });
      for (const child of children(at)) visit(child);
    };
    visit(node.body);
    return found;
  }
}

function isScalar(value: Value | undefined): boolean {
  return value !== undefined && only(value, 'nil', 'bool', 'number', 'bigint', 'text', 'string');
}
