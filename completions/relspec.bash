# Made by tools/gen-reference from the program's own tables: do not edit.
_relspec() {
    local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}
    local command="${COMP_WORDS[1]}"
    case "$command" in
    runs) [ "$COMP_CWORD" -gt 2 ] && command="$command ${COMP_WORDS[2]}" ;;
    rules) [ "$COMP_CWORD" -gt 2 ] && command="$command ${COMP_WORDS[2]}" ;;
    esac
    if [ "$COMP_CWORD" -eq 1 ]; then
        COMPREPLY=($(compgen -W "build query export why why-not doctor gate diff runs schema pipeline config rules help version" -- "$word"))
        return
    fi
    case "$command $before" in
    "query --format") COMPREPLY=($(compgen -W "table csv json arrow parquet" -- "$word")); return ;;
    "export --format") COMPREPLY=($(compgen -W "jsonl pycg" -- "$word")); return ;;
    esac
    case "$command" in
    runs) COMPREPLY=($(compgen -W "list prune" -- "$word")); return ;;
    rules) COMPREPLY=($(compgen -W "list show check graph signatures" -- "$word")); return ;;
    esac
    if [[ $word != -* ]]; then
        compopt -o default
        return
    fi
    case "$command" in
    "build") COMPREPLY=($(compgen -W "--output --run --threads --engine --rules --scip --python --policy --param --include --exclude --no-gitignore --no-default-excludes --max-file-size --repository-id --no-config --only --until --shuffle --explain --no-events --json --quiet --strict --memory --help" -- "$word")) ;;
    "query") COMPREPLY=($(compgen -W "--format --file --param --limit --timeout --output --numbers --views --quiet --memory --help" -- "$word")) ;;
    "export") COMPREPLY=($(compgen -W "--format --kind --output --quiet --memory --help" -- "$word")) ;;
    "why") COMPREPLY=($(compgen -W "--at --call --kind --limit --source --rules --no-config --json --memory --help" -- "$word")) ;;
    "why-not") COMPREPLY=($(compgen -W "--call --at --to --kind --source --rules --no-config --json --memory --help" -- "$word")) ;;
    "doctor") COMPREPLY=($(compgen -W "--json --quiet --memory --help" -- "$word")) ;;
    "gate") COMPREPLY=($(compgen -W "--snapshot --update --bundle --threads --shuffle --once --output --rules --scip --python --policy --param --include --exclude --no-gitignore --no-default-excludes --max-file-size --repository-id --no-config --junit --json --quiet --memory --help" -- "$word")) ;;
    "diff") COMPREPLY=($(compgen -W "--json --memory --help" -- "$word")) ;;
    "runs list") COMPREPLY=($(compgen -W "--json --memory --help" -- "$word")) ;;
    "runs prune") COMPREPLY=($(compgen -W "--keep --older-than --dry-run --json --memory --help" -- "$word")) ;;
    "schema") COMPREPLY=($(compgen -W "--rules --no-config --json --memory --help" -- "$word")) ;;
    "pipeline") COMPREPLY=($(compgen -W "--dot --json --only --until --scip --policy --explain --memory --help" -- "$word")) ;;
    "config") COMPREPLY=($(compgen -W "--rules --scip --python --policy --param --include --exclude --no-gitignore --no-default-excludes --max-file-size --repository-id --no-config --json --memory --help" -- "$word")) ;;
    "rules list") COMPREPLY=($(compgen -W "--rules --policy --no-config --json --memory --help" -- "$word")) ;;
    "rules show") COMPREPLY=($(compgen -W "--rules --policy --no-config --json --memory --help" -- "$word")) ;;
    "rules check") COMPREPLY=($(compgen -W "--policy --no-config --json --memory --help" -- "$word")) ;;
    "rules graph") COMPREPLY=($(compgen -W "--rules --policy --no-config --memory --help" -- "$word")) ;;
    "rules signatures") COMPREPLY=($(compgen -W "--rules --policy --no-config --json --memory --help" -- "$word")) ;;
    "help") COMPREPLY=($(compgen -W "--memory --help" -- "$word")) ;;
    "version") COMPREPLY=($(compgen -W "--memory --help" -- "$word")) ;;
    esac
}
complete -F _relspec relspec
