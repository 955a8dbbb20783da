"""What each shell is told: the script that has it ask, and the answer in the form that the script reads.

Every answer begins with a line that says how to go on: ``words``, ``files`` or ``folders``, then ``open`` where no
blank follows a candidate and ``shown`` where the candidates are only to be shown.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from unicodedata import east_asian_width

from retcli.completion.offers import Offer
from retcli.completion.typed_line import Typed, read

ASKS = "_RETCLI_COMPLETING"
"""The variable by which a script asks: the name of its shell."""
_LINE, _WORD, _WORDS, _TYPE, _WIDTH, _LOCALE = (
    f"_RETCLI_{name}" for name in ("LINE", "WORD", "WORDS", "TYPE", "WIDTH", "LOCALE")
)

BASH = r"""# retcli: completion for bash
_retcli_complete() {
    local how line
    COMPREPLY=()
    {
        IFS= read -r how
        while IFS= read -r line; do COMPREPLY+=("$line"); done
    } < <(_RETCLI_COMPLETING=bash _RETCLI_LINE="${COMP_LINE:0:COMP_POINT}" _RETCLI_WORD="$2" \
        _RETCLI_TYPE="$COMP_TYPE" _RETCLI_WIDTH="${COLUMNS:-80}" \
        _RETCLI_LOCALE="${LC_ALL:-${LC_CTYPE:-$LANG}}" "${1/#\~\//$HOME/}" 2>/dev/null </dev/null)
    case "$how" in
        files*) compopt -o default ;;
        folders*) compopt -o dirnames -o filenames ;;
        *open*) compopt -o nospace ;;
    esac 2>/dev/null
    return 0
}
if type compopt >/dev/null 2>&1; then
    complete -o nosort -F _retcli_complete retcli 2>/dev/null || complete -F _retcli_complete retcli
else
    complete -o default -F _retcli_complete retcli
fi
"""
ZSH = r"""#compdef retcli
# retcli: completion for zsh
_retcli() {
    local how line typed='' word
    local -a values shown more
    for word in "${(@Q)words[1,CURRENT-1]}"; do typed+="$word"$'\n'; done
    {
        IFS= read -r how
        while IFS= read -r line; do
            values+=("${line%%$'\t'*}")
            shown+=("${line#*$'\t'}")
        done
    } < <(_RETCLI_COMPLETING=zsh _RETCLI_WORDS="$typed${(Q)PREFIX}"$'\n' "${(Q)words[1]/#\~\//$HOME/}" \
        2>/dev/null </dev/null)
    case "$how" in
        files*) _files; return ;;
        folders*) _files -/; return ;;
    esac
    (( $#values )) || return 1
    [[ "$how" == *open* ]] && more=(-S '')
    compadd -U -V retcli -l -d shown "${more[@]}" -- "${values[@]}"
    [[ "$how" == *shown* ]] && compstate[insert]='' && compstate[list]='list force'
    return 0
}
if [[ "${funcstack[1]}" == _retcli ]]; then
    _retcli "$@"
else
    (( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i }
    compdef _retcli retcli
fi
"""
FISH = r"""# retcli: completion for fish
function __retcli_complete
    set -l before (commandline -opc)
    set -l current (commandline -ct)
    set -l program (string replace -r '^~/' "$HOME/" -- $before[1])
    set -l typed (string join \n -- $before "$current" | string collect -N)
    set -l answer (env _RETCLI_COMPLETING=fish _RETCLI_WORDS="$typed" $program 2>/dev/null </dev/null)
    set -l how $answer[1]
    set -e answer[1]
    switch "$how"
        case 'files*'
            __fish_complete_path "$current"
        case 'folders*'
            __fish_complete_directories "$current"
        case '*'
            string join \n -- $answer
    end
end
complete -c retcli -e
complete -c retcli -f -k -a '(__retcli_complete)'
"""
POWERSHELL = r"""# retcli: completion for Windows PowerShell 5.1 and PowerShell 7
Register-ArgumentCompleter -Native -CommandName 'retcli', 'retcli.exe' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = @()
    $current = ''
    foreach ($element in $commandAst.CommandElements) {
        $text = $element.Extent.Text
        if ($element.Extent.EndOffset -lt $cursorPosition) {
            if ($element -is [System.Management.Automation.Language.StringConstantExpressionAst]) {
                $text = $element.Value
            }
            $before += $text
        } elseif ($element.Extent.StartOffset -lt $cursorPosition) {
            $current = $text.Substring(0, $cursorPosition - $element.Extent.StartOffset).Trim("'`"".ToCharArray())
        }
    }
    $encoding = [Console]::OutputEncoding
    $answer = @()
    try {
        try { [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false } catch { }
        $env:_RETCLI_COMPLETING = 'powershell'
        $env:_RETCLI_WORDS = ((@($before) + $current) -join "`n") + "`n"
        $answer = @(& $before[0] 2>$null)
    } catch { } finally {
        Remove-Item Env:_RETCLI_COMPLETING, Env:_RETCLI_WORDS -ErrorAction SilentlyContinue
        try { [Console]::OutputEncoding = $encoding } catch { }
    }
    $answer | Select-Object -Skip 1 | ForEach-Object {
        $value, $shown, $said = $_ -split "`t", 3
        [System.Management.Automation.CompletionResult]::new($value, $shown, 'ParameterValue', $said)
    }
}
"""
SCRIPTS = {"bash": BASH, "zsh": ZSH, "fish": FISH, "powershell": POWERSHELL}
"""The script of each shell: plain ASCII, so that no encoding can spoil it."""
INSTALLING = {
    "bash": """echo 'eval "$(retcli completion bash)"' >> ~/.bashrc""",
    "zsh": """echo 'eval "$(retcli completion zsh)"' >> ~/.zshrc""",
    "fish": "echo 'retcli completion fish | source' >> ~/.config/fish/config.fish",
    "powershell": (
        "mkdir -Force (Split-Path $PROFILE)\nAdd-Content $PROFILE 'retcli completion powershell | Out-String | iex'"
    ),
}
"""What is typed once, so that each shell asks from its next start on: lines that no terminal of 80 cells breaks."""


def typed_line(environment: Mapping[str, str]) -> Typed:
    """What is being typed, as the script of the shell that asks tells it."""
    if environment[ASKS] == "bash":
        return read(environment.get(_LINE, ""))
    *before, current = environment.get(_WORDS, "").removesuffix("\n").split("\n")
    return Typed(tuple(before), current, current)


def answer(environment: Mapping[str, str], typed: Typed, offer: Offer) -> str:
    """The answer for the shell that asks, one candidate a line."""
    shell = environment[ASKS]
    head = [offer.how]
    head += ["open"] if offer.goes_on else []
    head += ["shown"] if offer.shown_only(typed.current) else []
    lines = _bash(environment, typed, offer) if shell == "bash" else _WRITTEN[shell](offer)
    return "".join(f"{line}\n" for line in (" ".join(head), *lines))


_MENU = {"37", "42"}
"""How bash asks where it puts one candidate after the other into the line: what is said of them must not come along."""
_PLAIN = re.compile(r"[\w@%+=:,./-]")
_WIDEST = 40


def _bash(environment: Mapping[str, str], typed: Typed, offer: Offer) -> Iterator[str]:
    """Words behind what readline takes for the beginning of the word; with what is said of them where several are to
    be shown.
    """
    begun = read(typed.written.removesuffix(environment.get(_WORD, ""))).current
    values = [(value.removeprefix(begun), heading) for value, heading in offer.pairs if value.startswith(begun)]
    written = [(_escaped(value, typed.quote), heading) for value, heading in values]
    with_words = len(written) > 1 and environment.get(_TYPE) not in _MENU
    if with_words and offer.shown_only(typed.current):
        yield " "  # no two then begin alike, so that nothing takes the place of what was typed
    if not with_words:
        yield from (value for value, _heading in written)
        return
    wide = min(max(_cells(value) for value, _heading in written), _WIDEST)
    room = int(environment.get(_WIDTH, "80") or 80) - wide - 5
    in_locale = re.search(r"(?i)utf-?8", environment.get(_LOCALE, "")) is not None
    for value, heading in written:
        shown = _cut(heading, room) if in_locale or heading.isascii() else ""
        yield f"{value}{' ' * (wide - _cells(value))}  ({shown})" if shown else value


def _escaped(value: str, quote: str) -> str:
    """A value as bash reads it back, within the quote that is open."""
    if quote:
        return value
    return "".join(sign if _PLAIN.fullmatch(sign) else f"\\{sign}" for sign in value)


def _cells(text: str) -> int:
    return sum(2 if east_asian_width(sign) in "WF" else 1 for sign in text)


def _cut(text: str, room: int) -> str:
    """As much of a text as there is room for, in cells of the terminal; the sign of what is cut takes two in some."""
    if _cells(text) <= room:
        return text
    kept = ""
    for sign in text:
        if _cells(f"{kept}{sign}") > room - 2:
            break
        kept += sign
    return f"{kept}…" if kept else ""


def _zsh(offer: Offer) -> Iterator[str]:
    """A value, and the line that is shown for it."""
    wide = min(max((_cells(value) for value, _heading in offer.pairs), default=0), _WIDEST)
    for value, heading in offer.pairs:
        yield f"{value}\t{value}{' ' * (wide - _cells(value))}  {heading}".rstrip()


def _fish(offer: Offer) -> Iterator[str]:
    for value, heading in offer.pairs:
        yield f"{value}\t{heading}".rstrip()


def _powershell(offer: Offer) -> Iterator[str]:
    """A value as PowerShell reads it back, as it is shown, and what is said of it, which must not be empty."""
    for value, heading in offer.pairs:
        plain = all(_PLAIN.fullmatch(sign) and sign not in "@%," for sign in value)
        quoted = value if plain else "'" + re.sub("(['‘’‚‛])", r"\1\1", value) + "'"
        yield f"{quoted}\t{value}\t{heading or value}"


_WRITTEN: Mapping[str, Callable[[Offer], Iterator[str]]] = {"zsh": _zsh, "fish": _fish, "powershell": _powershell}
