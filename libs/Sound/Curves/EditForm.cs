namespace Rewas.Sound.Curves;

/// <summary>Gives the curve that a text names: a file of a curve, or a recording.</summary>
public delegate ValueTask<EnergyCurve> CurveSource(string name);

/// <summary>
/// How an edit is written: <c>--gain 1.2s..2s=-12dB</c>. Each edit has its own beside it; the wire's form follows from the names of its
/// parameters.
/// </summary>
public sealed record EditForm
{
    internal EditForm(string name, string argument, string description, Func<EditArgument, ValueTask<CurveEdit>> read) =>
        (Name, Argument, Description, Read) = (name, argument, description, read);

    /// <summary>"gain".</summary>
    public string Name { get; }

    /// <summary>What help shows for the argument.</summary>
    public string Argument { get; }

    /// <summary>What it does, with an example.</summary>
    public string Description { get; }

    internal Func<EditArgument, ValueTask<CurveEdit>> Read { get; }

    /// <summary>Of an edit whose argument opens no file.</summary>
    internal static EditForm Of(string name, string argument, string description, Func<EditArgument, CurveEdit> read) =>
        new(name, argument, description, text => ValueTask.FromResult(read(text)));
}

/// <summary>The argument of an edit, taken apart.</summary>
/// <param name="Name">The edit's, for faults.</param>
/// <param name="Whole">As it was written.</param>
/// <param name="Range">What stands before the first "="; null for none.</param>
/// <param name="Open">Opens what it names.</param>
sealed record EditArgument(string Name, string Whole, TimeRange? Range, string Rest, CurveSource Open)
{
    public double Seconds => CurveText.ParseSeconds(Name, Rest);

    public double Decibels => CurveText.ParseDecibels(Name, Rest);

    public double Number => CurveText.ParseNumber(Name, Rest);

    /// <summary>The argument is a range and nothing else.</summary>
    public TimeRange OnlyRange => CurveText.ParseRange(Name, Whole);

    /// <summary>A range stands before the first "=" and holds two dots; a file's name may hold both elsewhere.</summary>
    public static EditArgument Of(string name, string text, CurveSource open)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        var head = equals > 0 ? text[..equals] : "";
        return head.Length > 0 && char.IsAsciiDigit(head[0]) && head.Contains("..", StringComparison.Ordinal)
            ? new(name, text, CurveText.ParseRange(name, head), text[(equals + 1)..], open)
            : new(name, text, null, text, open);
    }
}
