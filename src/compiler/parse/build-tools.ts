// What build tools put into functions: wrappers that are taken off, and names that are explained.
import { isFunction, type Of } from './ast.js';
import type { ParsedFunction } from './parse-function.js';

/**
 * Whether a call is esbuild's `__name(fn, "name")` (`keepNames`), under whatever name a minifier gave it: a free callee
 * called with a function and its name.
 */
export function isKeepName(node: Of<'CallExpression'>, source: ParsedFunction): boolean {
  const [fn, name] = node.arguments;
  if (node.callee.type !== 'Identifier' || source.scopes.bindings.has(node.callee)) return false;
  if (
    node.arguments.length !== 2 ||
    name?.type !== 'Literal' ||
    typeof name.value !== 'string' ||
    fn === undefined
  )
    return false;
  if (isFunction(fn) || fn.type === 'ClassExpression') return true;
  const binding = fn.type === 'Identifier' ? source.scopes.bindings.get(fn) : undefined;
  return (
    binding !== undefined &&
    (binding.kind === 'function' || binding.kind === 'class' || node.callee.name === '__name')
  );
}

/** An import as bundlers write it: `__vi_import_0__.limit`, `import_limits.limit`; the callee form `(0, x.y)` is such a member. */
export function importedName(object: string, member: string): string | undefined {
  if (/^__vi_(import|ssr_import|esm)_\d+__$/.test(object) || /^__vite_ssr_import_\d+__$/.test(object))
    return member;
  if (/^__vi_export|^__vite__/.test(object)) return member;
  if (/^import_[\w$]+$/.test(object) || /^[\w$]+__WEBPACK_IMPORTED_MODULE_\d+__$/.test(object)) return member;
  if (/^[\w$]+_\d+$/.test(object) && member !== 'default') return member;
  return undefined;
}

/** Why a free name is in a function, where a build tool put it there. */
export function explainName(name: string): string | undefined {
  if (/^cov_[\w$]+$/.test(name)) {
    return "it is istanbul's counter: exclude the file from coverage (`/* istanbul ignore file */`) or collect coverage with v8";
  }
  if (
    /^__(spread(Values|Props)|objRest|rest|assign|async|await|awaiter|generator|values|read|spreadArray|pow|privateGet)$/.test(
      name,
    )
  ) {
    return 'a build for an old target put it there: build for ES2020 or newer';
  }
  if (/^__name$/.test(name))
    return 'a build tool put it there in a form that is not known: build without `keepNames`';
  return undefined;
}
