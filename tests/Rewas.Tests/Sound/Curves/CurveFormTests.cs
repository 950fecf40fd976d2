using Google.Protobuf;
using Rewas.Clip.Faults;
using Rewas.Sound.Curves;

namespace Rewas.Tests.Sound.Curves;

/// <summary>Every edit in each of its forms, and the resulting curve in each form of a curve.</summary>
public sealed class CurveFormTests
{
    static readonly EnergyCurve Curve = SampleCurves.TwoImpacts();

    [Theory]
    [MemberData(nameof(SampleCurves.EveryText), MemberType = typeof(SampleCurves))]
    public async Task An_edit_survives_its_text(string text)
    {
        var read = await EditText.ParseAsync(text, Open);
        Assert.Equal(SampleCurves.Named(text), read);
        Assert.Equal(Curve.Apply(SampleCurves.Named(text)), Curve.Apply(read));
    }

    [Theory]
    [MemberData(nameof(SampleCurves.EveryText), MemberType = typeof(SampleCurves))]
    public void An_edit_survives_the_wire(string text)
    {
        var edit = SampleCurves.Named(text);
        var read = V1.CurveEdit.Parser.ParseFrom(edit.ToMessage().ToByteArray()).ToEdit();
        Assert.Equal(edit, read);
    }

    [Theory]
    [MemberData(nameof(SampleCurves.EveryText), MemberType = typeof(SampleCurves))]
    public void An_edited_curve_survives_CSV_JSON_and_the_wire(string text)
    {
        var edited = Curve.Apply(SampleCurves.Named(text));
        Assert.Equal(Curve.Count, edited.Count);
        Assert.Equal(edited, CurveCsv.Parse(CurveCsv.Lines(edited)));
        Assert.Equal(edited, V1.EnergyCurve.Parser.ParseFrom(edited.ToMessage().ToByteArray()).ToCurve());
        Assert.Equal(
            edited,
            CurveJson.Parse(System.Text.Json.JsonSerializer.Serialize(CurveJson.Of(edited), System.Text.Json.JsonSerializerOptions.Web)));
        var normalised = CurveCsv.Parse(CurveCsv.Lines(edited, normalised: true));
        Assert.All(edited.Values.ToArray().Zip(normalised.Values.ToArray()), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Fact]
    public void Every_edit_has_a_message_on_the_wire() => Assert.Equal(
        V1.CurveEdit.Descriptor.Fields.InFieldNumberOrder().Select(field => field.MessageType.Name).Order(),
        typeof(CurveEdit).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(CurveEdit))).Select(type => type.Name).Order());

    [Fact]
    public void Every_edit_has_a_form_on_the_command_line() =>
        Assert.Equal(EditText.Forms.Select(form => form.Name).Order(), SampleCurves.EveryEdit.Select(edit => edit.Name).Distinct().Order());

    [Theory]
    [InlineData("gain 1.2s..2.0s=-12dB", "gain 1.2s..2s=-12dB")]
    [InlineData("gain -3", "gain -3dB")]
    [InlineData("shift +300ms", "shift +0.3s")]
    [InlineData("soften 50ms", "soften 0.05s")]
    [InlineData("event 3.1s=+6dB,0.6s", "event 3.1s=+6dB")]
    [InlineData("replace my=curve..2.csv", "replace my=curve..2.csv")]
    public async Task A_text_may_be_written_in_several_ways(string written, string canonical) =>
        Assert.Equal(canonical, (await EditText.ParseAsync(written, Open)).ToString());

    [Theory]
    [InlineData("boost 3dB", "edit: must be one of gain, mute")]
    [InlineData("gain loud", "gain: 'loud' cannot be read: times are written 1.2s or 300ms, levels -12dB")]
    [InlineData("mute 1s", "mute: must name a range such as 1.2s..2s, but is '1s'")]
    [InlineData("event 1s", "event: must be written TIME=LEVEL, such as 3.1s=-6dB, but is '1s'")]
    [InlineData("blend other.csv", "blend: must be written PART,FILE")]
    [InlineData("gain", "gain: '' cannot be read")]
    [InlineData("gain NaN", "gain: 'NaN' cannot be read")]
    public async Task What_cannot_be_read_is_named(string text, string message) =>
        Assert.StartsWith(
            message,
            (await Assert.ThrowsAsync<InputFault>(() => EditText.ParseAsync(text, Open).AsTask())).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_curve_with_few_points_is_joined_by_lines()
    {
        var curve = CurveCsv.Parse(["time_s,energy", "0,-10", "0.1,-5", "0.35,-5"]);
        Assert.Equal(36, curve.Count);
        Assert.Equal(-7.5, curve[5], 1e-5);
        Assert.Equal(-5, curve[20], 1e-5);
    }

    [Theory]
    [InlineData("time,energy", "curve: the first line must name the columns")]
    [InlineData("time_s,energy\n0,loud", "curve: line 2: must hold a number in column 2, but is '0,loud'")]
    [InlineData("time_s,energy\n0,-3\n0,-3", "curve: line 3: times must ascend, but 0 follows 0")]
    [InlineData("time_s,energy\n1,-3", "curve: line 2: the first time must be 0, but is 1")]
    [InlineData("time_s,energy\n0,NaN", "curve: line 2: must hold a number")]
    [InlineData("time_s,energy\n0,7", "curve: must be from -11.512925 (silence) to 2, but is 7 at 0 s")]
    [InlineData("time_s,energy", "curve: must have at least 1 value, but has none")]
    [InlineData("time_s,energy\n0,-3\n1e9,-3", "curve: line 3: at most 7200 s are accepted, but the time is 1000000000")]
    [InlineData("", "curve: the first line must name the columns")]
    public void A_file_that_holds_no_curve_is_refused(string csv, string message) =>
        Assert.StartsWith(message, Assert.Throws<InputFault>(() => CurveCsv.Parse(csv.Split('\n'))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("null", "curve: must be a JSON object")]
    [InlineData("{}", "curve: must have 100 values a second, but has 0")]
    [InlineData("""{"unit":"","valuesPerSecond":100}""", "curve: must have at least 1 value, but has none")]
    [InlineData("""{"valuesPerSecond":100,"values":["x"]}""", "curve: cannot be read as JSON")]
    public void JSON_that_holds_no_curve_is_refused(string json, string message) =>
        Assert.StartsWith(message, Assert.Throws<InputFault>(() => CurveJson.Parse(json)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_message_without_its_parts_is_refused()
    {
        Assert.Equal("edit: must be given, but is absent", Assert.Throws<InputFault>(() => new V1.CurveEdit().ToEdit()).Message);
        Assert.Equal(
            "mute: must name a range, but it is absent",
            Assert.Throws<InputFault>(() => new V1.CurveEdit { Mute = new() }.ToEdit()).Message);
        Assert.Equal(
            "replace: must be given, but is absent",
            Assert.Throws<InputFault>(() => new V1.CurveEdit { Replace = new() }.ToEdit()).Message);
    }

    static ValueTask<EnergyCurve> Open(string name) => ValueTask.FromResult(SampleCurves.Other);
}
