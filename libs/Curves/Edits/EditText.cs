using Rewas.Faults;

namespace Rewas.Curves.Edits;

/// <summary>Opens the curve that a text names: a curve file or a recording.</summary>
public delegate ValueTask<EnergyCurve> CurveSource(string name);

/// <summary>Reads an edit from one line, as on the command line: a name and an argument.</summary>
public static class EditText
{
    /// <summary>Name, argument form and description of every edit.</summary>
    public static IReadOnlyList<(string Name, string Argument, string Description)> Forms { get; } =
    [
        ("gain", "[RANGE=]DB", "louder or quieter: 1.2s..2s=-12dB"),
        ("mute", "RANGE", "silence: 1s..2s"),
        (FadeEdit.InName, "RANGE", "fades in from silence: 0s..0.5s"),
        (FadeEdit.OutName, "RANGE", "fades out to silence: 5s..6s"),
        ("shift", "[RANGE=]TIME", "later (+300ms) or earlier (-0.3s)"),
        ("stretch", "[RANGE=]FACTOR", "slower (1.5) or faster (0.5)"),
        ("sharpen", "[RANGE=]AMOUNT", "more contrast, 0 to 4"),
        ("soften", "[RANGE=]TIME", "blurs over a width: 0.2s"),
        ("strength", "[RANGE=]FACTOR", "how strongly the curve steers, 0 (not at all) to 4"),
        ("event", "TIME=DB[,DECAY]", "adds an impact; DB is relative to the loudest value: 3.1s=+0dB"),
        ("remove-event", "TIME", "removes the impact at this time: 2.7s"),
        ("draw", "TIME=DB,...", "straight lines through points, -100dB is silence: 1s=-60dB,1.1s=-20dB"),
        ("replace", "[RANGE=]FILE", "the values of another curve: 1s..2s=other.csv"),
        ("blend", "[RANGE=]PART,FILE", "mixes with another curve or recording: 0.5,reference.wav"),
    ];

    /// <summary>Reads "gain 1.2s..2s=-12dB".</summary>
    /// <exception cref="InputFault">There is no such edit, or its argument cannot be read.</exception>
    public static ValueTask<CurveEdit> ParseAsync(string text, CurveSource open)
    {
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 ? ParseAsync(text[..space], text[(space + 1)..], open) : ParseAsync(text, "", open);
    }

    /// <param name="name">One of <see cref="Forms"/>.</param>
    /// <param name="argument">In the form listed there.</param>
    /// <param name="open">Opens the curves that replace and blend name.</param>
    /// <exception cref="InputFault">There is no such edit, or its argument cannot be read.</exception>
    public static async ValueTask<CurveEdit> ParseAsync(string name, string argument, CurveSource open)
    {
        var (range, rest) = SplitRange(name, argument);
        return name switch
        {
            "gain" => new GainEdit(range, CurveText.ParseDecibels(name, rest)),
            "mute" => new MuteEdit(CurveText.ParseRange(name, argument)),
            FadeEdit.InName => new FadeEdit(CurveText.ParseRange(name, argument), Out: false),
            FadeEdit.OutName => new FadeEdit(CurveText.ParseRange(name, argument), Out: true),
            "shift" => new ShiftEdit(range, CurveText.ParseSeconds(name, rest)),
            "stretch" => new StretchEdit(range, CurveText.ParseNumber(name, rest)),
            "sharpen" => new SharpenEdit(range, CurveText.ParseNumber(name, rest)),
            "soften" => new SoftenEdit(range, CurveText.ParseSeconds(name, rest)),
            "strength" => new StrengthEdit(range, CurveText.ParseNumber(name, rest)),
            "event" => Event(name, argument),
            "remove-event" => new RemoveEventEdit(CurveText.ParseSeconds(name, argument)),
            "draw" => new DrawEdit([.. argument.Split(',').Select(point => Point(name, point))]),
            "replace" => new ReplaceEdit(range, await open(rest), rest),
            "blend" => await BlendAsync(name, range, rest, open),
            _ => throw InputFault.Invalid("edit", $"must be one of {string.Join(", ", Forms.Select(form => form.Name))}, but is '{name}'"),
        };
    }

    /// <summary>A range stands before the first "=" and contains two dots. A file name may contain both elsewhere.</summary>
    static (TimeRange? Range, string Argument) SplitRange(string name, string argument)
    {
        var equals = argument.IndexOf('=', StringComparison.Ordinal);
        var head = equals > 0 ? argument[..equals] : "";
        return head.Length > 0 && char.IsAsciiDigit(head[0]) && head.Contains("..", StringComparison.Ordinal)
            ? (CurveText.ParseRange(name, head), argument[(equals + 1)..])
            : (null, argument);
    }

    static EventEdit Event(string name, string argument)
    {
        var comma = argument.IndexOf(',', StringComparison.Ordinal);
        var (time, decibels) = Point(name, comma < 0 ? argument : argument[..comma]);
        return comma < 0 ? new(time, decibels) : new(time, decibels, CurveText.ParseSeconds(name, argument[(comma + 1)..]));
    }

    static CurvePoint Point(string name, string text) => text.Split('=') is [var time, var level]
        ? new(CurveText.ParseSeconds(name, time), CurveText.ParseDecibels(name, level))
        : throw InputFault.Invalid(name, $"must be written TIME=LEVEL, such as 3.1s=-6dB, but is '{text}'");

    static async ValueTask<BlendEdit> BlendAsync(string name, TimeRange? range, string rest, CurveSource open)
    {
        var comma = rest.IndexOf(',', StringComparison.Ordinal);
        if (comma < 0)
            throw InputFault.Invalid(name, $"must be written PART,FILE, such as 0.5,reference.wav, but is '{rest}'");
        var source = rest[(comma + 1)..];
        return new(range, CurveText.ParseNumber(name, rest[..comma]), await open(source), source);
    }
}
