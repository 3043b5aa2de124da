// Scopes: which declaration each identifier of a function means, and which are free.
import { children, type FunctionNode, type Identifier, isFunction, type Node, type Pattern } from './ast.js';

/** A declared name. */
export interface Binding {
  readonly id: number;
  readonly name: string;
  readonly kind: 'param' | 'var' | 'let' | 'const' | 'function' | 'class' | 'self' | 'catch';
  /** The function that it is declared in. */
  readonly fn: FunctionNode;
  /** Assigned anywhere but in its declaration. */
  reassigned: boolean;
  /** Used in a function within `fn`. */
  captured: boolean;
}

/** A use of a name that the function doesn't declare. */
export interface FreeUse {
  readonly name: string;
  readonly node: Identifier;
  readonly write: boolean;
}

export interface Scopes {
  readonly bindings: ReadonlyMap<Identifier, Binding>;
  readonly free: readonly FreeUse[];
}

class Scope {
  readonly names = new Map<string, Binding>();
  constructor(
    readonly fn: FunctionNode,
    readonly parent: Scope | undefined,
    /** Whether `var` declarations land here. */
    readonly hoists: boolean,
  ) {}
}

/** Resolves every identifier of a function. */
export function resolveScopes(root: FunctionNode): Scopes {
  const bindings = new Map<Identifier, Binding>();
  const free: FreeUse[] = [];
  let ids = 0;

  const declare = (scope: Scope, node: Identifier, kind: Binding['kind']): void => {
    let binding = scope.names.get(node.name);
    if (binding === undefined || binding.kind === 'self') {
      binding = { id: ids++, name: node.name, kind, fn: scope.fn, reassigned: false, captured: false };
      scope.names.set(node.name, binding);
    } else if (kind === 'var' || kind === 'function') {
      binding.reassigned = true;
    }
    bindings.set(node, binding);
  };
  const declarePattern = (scope: Scope, pattern: Pattern, kind: Binding['kind']): void => {
    for (const name of patternNames(pattern)) declare(scope, name, kind);
  };
  const use = (node: Identifier, scope: Scope, write: boolean): void => {
    for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
      const binding = at.names.get(node.name);
      if (binding === undefined) continue;
      bindings.set(node, binding);
      if (write) binding.reassigned = true;
      if (binding.fn !== scope.fn) binding.captured = true;
      return;
    }
    free.push({ name: node.name, node, write });
  };

  /** Declares what a list of statements declares in its own scope. */
  const declareLexical = (statements: readonly Node[], scope: Scope): void => {
    for (const statement of statements) {
      if (statement.type === 'VariableDeclaration' && statement.kind !== 'var') {
        const kind = statement.kind === 'let' ? 'let' : 'const';
        for (const declarator of statement.declarations) declarePattern(scope, declarator.id, kind);
      } else if (statement.type === 'FunctionDeclaration' && statement.id) {
        declare(scope, statement.id, 'function');
      } else if (statement.type === 'ClassDeclaration' && statement.id) {
        declare(scope, statement.id, 'class');
      }
    }
  };
  const declareVars = (node: Node, scope: Scope): void => {
    if (isFunction(node)) return;
    if (node.type === 'VariableDeclaration' && node.kind === 'var') {
      for (const declarator of node.declarations) declarePattern(scope, declarator.id, 'var');
    }
    for (const child of children(node)) declareVars(child, scope);
  };

  const visitFunction = (node: FunctionNode, outer: Scope | undefined): void => {
    const scope = new Scope(node, outer, true);
    if (node.type === 'FunctionExpression' && node.id) declare(scope, node.id, 'self');
    for (const param of node.params) declarePattern(scope, param, 'param');
    if (node.body.type === 'BlockStatement') {
      declareVars(node.body, scope);
      declareLexical(node.body.body, scope);
    }
    for (const param of node.params) visitPattern(param, scope, false);
    if (node.body.type === 'BlockStatement') for (const statement of node.body.body) visit(statement, scope);
    else visit(node.body, scope);
  };

  /** A pattern's names are written when it is assigned to; its defaults and computed keys are read. */
  const visitPattern = (pattern: Node, scope: Scope, assigned: boolean): void => {
    switch (pattern.type) {
      case 'Identifier':
        if (assigned) use(pattern, scope, true);
        return;
      case 'ObjectPattern':
        for (const property of pattern.properties) {
          if (property.type === 'RestElement') visitPattern(property.argument, scope, assigned);
          else {
            if (property.computed) visit(property.key, scope);
            visitPattern(property.value, scope, assigned);
          }
        }
        return;
      case 'ArrayPattern':
        for (const element of pattern.elements) if (element) visitPattern(element, scope, assigned);
        return;
      case 'RestElement':
        visitPattern(pattern.argument, scope, assigned);
        return;
      case 'AssignmentPattern':
        visitPattern(pattern.left, scope, assigned);
        visit(pattern.right, scope);
        return;
      default:
        visit(pattern, scope);
    }
  };

  const visitBlock = (nodes: readonly Node[], scope: Scope): void => {
    const inner = new Scope(scope.fn, scope, false);
    declareLexical(nodes, inner);
    for (const node of nodes) visit(node, inner);
  };

  const visit = (node: Node, scope: Scope): void => {
    if (isFunction(node)) {
      visitFunction(node, scope);
      return;
    }
    switch (node.type) {
      case 'Identifier':
        use(node, scope, false);
        return;
      case 'MemberExpression':
        visit(node.object, scope);
        if (node.computed) visit(node.property, scope);
        return;
      case 'Property':
      case 'MethodDefinition':
      case 'PropertyDefinition':
        if (node.computed) visit(node.key, scope);
        if (node.value) visit(node.value, scope);
        return;
      case 'AssignmentExpression':
        visitPattern(node.left, scope, true);
        if (node.operator !== '=' && node.left.type === 'Identifier') use(node.left, scope, false);
        visit(node.right, scope);
        return;
      case 'UpdateExpression':
        visitPattern(node.argument, scope, true);
        return;
      case 'VariableDeclaration':
        for (const declarator of node.declarations) {
          visitPattern(declarator.id, scope, false);
          if (declarator.init) visit(declarator.init, scope);
        }
        return;
      case 'BlockStatement':
        visitBlock(node.body, scope);
        return;
      case 'SwitchStatement': {
        visit(node.discriminant, scope);
        const inner = new Scope(scope.fn, scope, false);
        for (const branch of node.cases) declareLexical(branch.consequent, inner);
        for (const branch of node.cases) {
          if (branch.test) visit(branch.test, inner);
          for (const statement of branch.consequent) visit(statement, inner);
        }
        return;
      }
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement': {
        const inner = new Scope(scope.fn, scope, false);
        const head = node.type === 'ForStatement' ? node.init : node.left;
        if (head?.type === 'VariableDeclaration') declareLexical([head], inner);
        if (head && node.type !== 'ForStatement' && head.type !== 'VariableDeclaration') {
          visitPattern(head, inner, true);
        } else if (head) {
          visit(head, inner);
        }
        for (const part of node.type === 'ForStatement' ? [node.test, node.update] : [node.right]) {
          if (part) visit(part, inner);
        }
        visit(node.body, inner);
        return;
      }
      case 'CatchClause': {
        const inner = new Scope(scope.fn, scope, false);
        if (node.param) {
          declarePattern(inner, node.param, 'catch');
          visitPattern(node.param, inner, false);
        }
        visitBlock(node.body.body, inner);
        return;
      }
      case 'ClassDeclaration':
      case 'ClassExpression': {
        const inner = new Scope(scope.fn, scope, false);
        if (node.type === 'ClassExpression' && node.id) declare(inner, node.id, 'class');
        if (node.superClass) visit(node.superClass, inner);
        for (const member of node.body.body) visit(member, inner);
        return;
      }
      case 'StaticBlock':
        visitBlock(node.body, scope);
        return;
      case 'LabeledStatement':
        visit(node.body, scope);
        return;
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'MetaProperty':
        return;
      default:
        for (const child of children(node)) visit(child, scope);
    }
  };

  visitFunction(root, undefined);
  return { bindings, free };
}

/** The identifiers that a pattern binds. */
export function patternNames(pattern: Pattern): Identifier[] {
  switch (pattern.type) {
    case 'Identifier':
      return [pattern];
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) =>
        patternNames(property.type === 'RestElement' ? property.argument : property.value),
      );
    case 'ArrayPattern':
      return pattern.elements.flatMap((element) => (element ? patternNames(element) : []));
    case 'RestElement':
      return patternNames(pattern.argument);
    case 'AssignmentPattern':
      return patternNames(pattern.left);
    default:
      return [];
  }
}
