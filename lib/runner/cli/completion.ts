import { InputError } from "../../base/errors.ts";
import { nearest } from "../../base/nearest.ts";
import type { Command } from "./command.ts";
import { SHELLS } from "./options.ts";
import { write } from "./output.ts";

/**
 * `completion`: prints a script that completes `deno task …`. Where the folder's deno.json has no
 * task `complete`, the shell's own completion of deno goes on as before.
 */
export const completion: Command = (_project, { targets: [shell = ""] }) => {
  if (!Object.hasOwn(SCRIPTS, shell)) {
    throw new InputError(`There is no completion for ${shell}${nearest(shell, SHELLS)}`);
  }
  write(SCRIPTS[shell as keyof typeof SCRIPTS]);
  return Promise.resolve(0);
};

const SCRIPTS: Readonly<Record<typeof SHELLS[number], string>> = {
  bash: `# In ~/.bashrc: source <(deno task --quiet completion bash), or keep it in a file.
_deno_before_workflow=$(complete -p deno 2>/dev/null | sed -n 's/.* -F \\([^ ]*\\) .*/\\1/p')
_deno_workflow() {
  COMPREPLY=()
  if [[ \${COMP_WORDS[1]} == task ]] && (( COMP_CWORD >= 2 )); then
    mapfile -t COMPREPLY < <(
      deno task --quiet complete "\${COMP_WORDS[@]:2:COMP_CWORD-1}" 2>/dev/null
    )
    [[ \${COMPREPLY[0]} == *= ]] && compopt -o nospace 2>/dev/null
  fi
  if (( \${#COMPREPLY[@]} == 0 )) && [[ -n $_deno_before_workflow ]]; then
    "$_deno_before_workflow" "$@"
  fi
}
complete -o default -F _deno_workflow deno
`,
  zsh:
    `# In ~/.zshrc, after compinit: source <(deno task --quiet completion zsh), or keep it in a file.
_deno_workflow() {
  if [[ $words[2] == task ]] && (( CURRENT > 2 )); then
    local -a found
    found=("\${(@f)$(deno task --quiet complete "\${(@)words[3,CURRENT]}" 2>/dev/null)}")
    if [[ -n $found[1] ]]; then
      compadd -S '' -- \${(M)found:#*=}
      compadd -- \${found:#*=}
      return
    fi
  fi
  (( $+functions[_deno] )) && _deno "$@" || _files
}
compdef _deno_workflow deno
`,
  fish: `# In ~/.config/fish/config.fish: deno task --quiet completion fish | source
# Deno's own completions, which fish loads late, erase all others: have them loaded first.
complete -C 'deno ' >/dev/null
function __deno_workflow
  set -l words (commandline -opc)
  test "$words[2]" = task; and test (count $words) -ge 2; or return
  set -a words (commandline -ct | string collect --allow-empty)
  deno task --quiet complete $words[3..-1] 2>/dev/null
end
complete -c deno -f -n 'test "$(commandline -opc)[2]" = task' -a '(__deno_workflow)'
`,
};
