using System.Text.RegularExpressions;
using Rewas.Text.Words;

namespace Rewas.Agent.Chat;

/// <summary>Requests in the other languages that prompts may have: a sound to add, a level to change, and the short commands.</summary>
static partial class OtherLanguage
{
    const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    /// <summary>A request that is put as a question: 能不能加一点风声？</summary>
    [GeneratedRegex(
        "加|配|放|来(点|一|个|段)|做|制作|生成|帮"
        + @"|\b(pon|poner|pongas|a[nñ]ad|agreg|met|inclu|haz|hacer|crea|gener)\w*"
        + @"|\b(f[uü]e?g|hinzu|dazu|gib|geben|mach|leg|erzeug|erstell|einf[uü]e?g|setz)\w*"
        + @"|\b(ajout|met|mett|fai|fais|faire|donn|cr[eé]|g[eé]n[eèé]r)\w*"
        + "|付け|つけ|追加|入れ|加え|作|鳴ら|出し|流し|お願い|ください",
        Options,
        1000)]
    static partial Regex AskingForSound { get; }

    [GeneratedRegex(
        @"[?？]\s*$|[吗呢]\W*$|(です|ます|でしょう|の)か\W*$|^\W*(为什么|什么|为何|warum|wieso|pourquoi|por qu[eé]|なぜ)", Options, 1000)]
    static partial Regex Asking { get; }

    /// <summary>Commands by their words in all languages, and what they are in English.</summary>
    static readonly (Regex Words, string English)[] Commands =
    [
        Command(
            "undo", "撤销|撤消|恢复上一步", "deshacer?|deshaz", "r[üu]e?ckg[äa]e?ngig( machen)?", "annule[rz]?", "元に戻し?て?|取り消し?て?"),
        Command("reset", "重置|复位", "restablecer?", "zur[üu]e?cksetzen", "r[ée]initialise[rz]?", "リセット(して)?"),
        Command(
            "export", "导出|保存|下载", "exportar?|guardar?|descargar?", "exportieren?|speicher[en]*", "exporte[rz]?|enregistre[rz]?",
            "書き出し?て?|保存(して)?"),
        Command(
            "what do you see?", "描述(一下)?(这个)?(视频)?|你看到了?什么", "describe( el video)?|qu[ée] ves", "was siehst du|beschreibe?( das video)?",
            "que vois-tu|d[ée]cri[st]( la vid[ée]o)?", "何が見え(る|ます)か?"),
        Command(
            "which is best?", "哪个最好|排序|比较", "cu[áa]l es (el|la) mejor", "welche[rs]? ist (am besten|der beste|das beste|die beste)",
            "lequel est le meilleur", "どれが(一番|最も)(いい|良い)(ですか)?"),
        Command(
            "one more", "再来一个|再做一个", "otro m[áa]s|uno m[áa]s", "noch ein(e|en|er|s)?", "encore une?|une? de plus", "もう(一つ|1つ|１つ)"),
    ];

    /// <param name="read">The same words, as a prompt.</param>
    public static PlainRequest RequestOf(string words, PromptWords read)
    {
        foreach (var (pattern, english) in Commands)
            if (pattern.IsMatch(words))
                return PlainRequest.Of(english);
        if (!read.IsRead)
            return new PlainRequest.Unreadable(read.Summary());
        if (read.Unknown.Count > 0)
            return new PlainRequest.InPart(read.Prompt + read.Tail(), string.Join(", ", read.Unknown));
        if (Asking.IsMatch(words) && !AskingForSound.IsMatch(words))
            return new PlainRequest.Question();
        if (read.Prompt.Length > 0)
            return new PlainRequest.AddSound(read.Prompt + read.Tail());
        return read.Negative.Length > 0 ? new PlainRequest.LeaveOut(read.Negative)
            : read.Decibels != 0 ? PlainRequest.Of($"{Math.Abs(read.Decibels)} dB {(read.Decibels > 0 ? "louder" : "quieter")}")
            : new PlainRequest.AddWhat();
    }

    const string Please = @"(请|麻烦|吧|一下|por favor|bitte|s'il (te|vous) pla[iî]t|ください|お願いします)?";

    static (Regex, string) Command(string english, params string[] words) => (
        new(
            $@"^[\s\p{{P}}]*{Please}[\s\p{{P}}]*({string.Join('|', words)})[\s\p{{P}}]*{Please}[\s\p{{P}}]*$",
            Options, TimeSpan.FromSeconds(1)),
        english);
}
