using System.Text.Json;
using Google.Protobuf.Reflection;
using Rewas.Bundles;
using Rewas.Clip.Faults;
using Rewas.Protocol.Orders;
using Rewas.V1;

namespace Rewas.Tests.Protocol;

/// <summary>The table says of every field of an order what it is, and all that is made from it agrees.</summary>
public sealed class OrderTableTests
{
    [Fact]
    public void Every_field_of_an_order_has_a_row_and_every_row_a_field()
    {
        MessageDescriptor[] parts =
        [
            GenerateOptions.Descriptor, StudioEnvironment.Descriptor, StudioFinish.Descriptor, SoundReferences.Descriptor,
            SoundDelivery.Descriptor,
        ];
        var fields = parts.SelectMany(part => part.Fields.InFieldNumberOrder()).Select(field => field.FullName).ToHashSet();
        fields.Remove("rewas.v1.StudioEnvironment.seed");                    // follows from the order's
        Assert.Equal(fields.Order(), OrderTable.All.Select(option => option.Field.FullName).Order());
    }

    [Fact]
    public void Names_are_unique_and_are_the_names_of_the_command_line()
    {
        Assert.Equal(OrderTable.All.Count, OrderTable.All.Select(option => option.Name).Distinct().Count());
        Assert.All(OrderTable.All, option => Assert.Matches("^[a-z]+(-[a-z]+)*$", option.Name));
        Assert.All(OrderTable.All, option => Assert.Same(option, OrderTable.Find(option.Name)));
        Assert.Equal("guidance", OrderTable.Find("guidance_scale")!.Name);
        Assert.Equal("negative", OrderTable.Find("negative_prompt")!.Name);
    }

    [Fact]
    public void A_bundle_has_every_default_that_the_table_names()
    {
        var bundle = JsonSerializer.SerializeToElement(new SamplerDefaults(20, 3, 1), JsonSerializerOptions.Web);
        Assert.All(
            OrderTable.All.Where(option => option.BundleDefault.Length > 0),
            option => Assert.True(bundle.TryGetProperty(option.BundleDefault, out _), option.Name));
    }

    [Fact]
    public void Defaults_are_filled_in_where_nothing_is_said_and_only_there()
    {
        var bundle = JsonSerializer.SerializeToElement(
            new SamplerDefaults(20, 3, 0.5) { GuidanceTo = 0.25, Memory = false, MemoryStartAt = 0.7 }, JsonSerializerOptions.Web);
        var filled = OrderDefaults.Filled(new() { Prompt = "rain", GuidanceScale = 7, GuidanceTo = 0 }, bundle);
        Assert.Equal(
            (20, 7.0, 0.5, 0.0, "off", 0.7, "bridge"),
            (filled.Steps, filled.GuidanceScale, filled.Eta, filled.GuidanceTo, filled.Memory, filled.StartLevel, filled.Join));
        Assert.False(filled.HasEnergyGuidanceScale);
        var finish = OrderDefaults.Filled(new StudioFinish { FadeSeconds = 2, Channels = 2 });
        Assert.Equal(
            (-1.0, 48_000, 2, 2.0, false), (finish.TruePeak, finish.SampleRate, finish.Channels, finish.FadeSeconds, finish.HasLoudness));
    }

    [Theory]
    [InlineData("", "unipc", 20, 0.5)]
    [InlineData("standard", "unipc", 20, 0.5)]
    [InlineData("draft", "unipc", 8, 0.5)]
    [InlineData("paper", "ddim", 200, 1.0)]
    public void A_preset_wins_over_the_bundle_and_what_is_given_over_the_preset(string preset, string sampler, int steps, double eta)
    {
        var bundle = JsonSerializer.SerializeToElement(
            new SamplerDefaults(20, 4, 0.5) { Sampler = "unipc", Spacing = "logsnr", GuidanceRescale = 0.7, EnergyGuidanceScale = 1 },
            JsonSerializerOptions.Web);
        var filled = OrderDefaults.Filled(new() { Prompt = "rain", Preset = preset }, bundle);
        Assert.Equal((sampler, steps, eta), (filled.Sampler, filled.Steps, filled.Eta));
        Assert.Equal(
            preset == "paper" ? (3.0, 3.0, 0.0) : (4.0, 1.0, 0.7),
            (filled.GuidanceScale, filled.EnergyGuidanceScale, filled.GuidanceRescale));
        var given = OrderDefaults.Filled(new() { Prompt = "rain", Preset = preset, Steps = 5, Eta = 0, GuidanceRescale = 0.2 }, bundle);
        Assert.Equal((5, 0.0, 0.2), (given.Steps, given.Eta, given.GuidanceRescale));
    }

    public static TheoryData<string, string, string> Words() => new()
    {
        { "steps", "1e9", "steps: must be from 1 to 1000, but is 1000000000" },
        { "steps", "many", "steps: must be a number, but is 'many'" },
        { "steps", "2.5", "steps: must be a whole number, but is 2.5" },
        { "seed", "1.00000000000001", "seed: must be a whole number, but is 1.00000000000001" },
        { "seed", "4294967296", "seed: must be from 0 to 4294967295, but is 4294967296" },
        { "guidance", "NaN", "guidance: must be from 1 to 30, but is NaN" },
        { "preset", "fast", "preset: must be one of draft, standard, paper, but is 'fast'" },
        { "sampler", "euler", "sampler: must be one of ddim, dpmpp-2m, dpmpp-2m-sde, unipc, but is 'euler'" },
        { "stereo", "perhaps", "stereo: must be yes or no, but is 'perhaps'" },
        { "original", "mix", "original: must be one of replace, keep, duck, but is 'mix'" },
        { "loudness", "-4", "loudness: must be from -50 to -5 LUFS, but is -4" },
        { "start-level", "0.05", "start-level: must be from 0.1 to 1, but is 0.05" },
        { "width", "1.5", "width: must be from 0 to 1, but is 1.5" },
        { "pan", "left", "pan: must be picture or a number from -1 to 1, but is 'left'" },
        { "pan", "1.01", "pan: must be picture or a number from -1 to 1, but is '1.01'" },
        { "pan", "NaN", "pan: must be picture or a number from -1 to 1, but is 'NaN'" },
        { "candidates", "0", "candidates: must be from 1 to 8, but is 0" },
        {
            "environment",
            "--- .",
            "environment: must have a letter or a digit: without one the text encoder hears nothing, but is '--- .'"
        },
        { "environment-gain", "-3", "environment-gain: needs an environment (--environment TEXT)" },
    };

    [Theory]
    [MemberData(nameof(Words))]
    public void Words_that_cannot_be_are_told_with_option_limit_and_value(string option, string text, string message)
    {
        var order = Text(("prompt", "rain"), (option, text));
        Assert.Equal(message, Assert.Throws<InputFault>(order.Complete).Message);
    }

    [Fact]
    public void Everything_that_is_wrong_is_told_at_once_in_the_order_of_the_table()
    {
        var order =
            Text(("stereo", "x"), ("fade", "11"), ("guidance-from", "0.2"), ("guidance-to", "0.4"), ("steps", "0"), ("prompt", "..."));
        Assert.Equal("prompt,steps,guidance-from,fade,stereo", Assert.Throws<InputFault>(order.Complete).Field);
    }

    [Fact]
    public void An_environment_that_names_no_level_lies_12_dB_below_and_has_a_seed_of_its_own()
    {
        var order = Text(("prompt", "a dog"), ("seed", "4294967295"), ("environment", "rain")).Complete();
        Assert.Equal(("rain", 0ul, -12.0), (order.Environment.Prompt, order.Environment.Seed, order.Environment.Decibels));
        Assert.Equal(0, Text(("prompt", "a dog"), ("environment", "rain"), ("environment-gain", "0")).Complete().Environment.Decibels);
    }

    [Fact]
    public void A_width_or_a_place_makes_two_channels_unless_one_is_asked_for()
    {
        Assert.Equal(1, OrderDefaults.Filled(new StudioFinish()).Channels);
        Assert.Equal(2, OrderDefaults.Filled(new StudioFinish { Width = 0.1 }).Channels);
        Assert.Equal(2, OrderDefaults.Filled(new StudioFinish { Pan = "-0.5" }).Channels);
        var order = new SoundOrder { Options = new() { Prompt = "rain" }, Finish = new() { Width = 1, Channels = 1 } };
        Assert.Equal("width: needs 2 channels, but channels is 1", Assert.Single(OrderCheck.Faults(order)).Message);
        order.Finish = new() { Pan = "picture", Channels = 1 };
        Assert.Equal(
            "pan: needs 2 channels, but channels is 1",
            Assert.Throws<InputFault>(() => OrderCheck.ThrowIfWrong(order.Finish)).Message);
    }

    [Theory]
    [InlineData("\"picture\"", "picture")]
    [InlineData("-0.25", "-0.25")]
    [InlineData("\"0.5\"", "0.5")]
    public void A_place_is_a_word_or_a_number_in_a_sidecar(string json, string pan)
    {
        var order = new SoundOrder { Options = new() { Prompt = "rain" }, Finish = new() };
        OrderJson.Read(JsonDocument.Parse($"{{\"options\":{{\"pan\":{json}}}}}").RootElement, order, "sidecar");
        Assert.Equal(pan, order.Finish.Pan);
        Assert.Empty(OrderCheck.Faults(order));
        Assert.Equal(json.Trim('"'), OrderJson.Write(order)["pan"].ToString());
    }

    [Fact]
    public void What_words_set_a_sidecar_keeps()
    {
        var order = Text(
            [
                .. OrderTable.All.Where(option => option.Faces == OptionFaces.Both).Select(option => (option.Name, Sample(option))),
            ]).Complete();
        var sidecar = JsonSerializer.SerializeToElement(new { options = OrderJson.Write(order) });
        var read = new SoundOrder
        {
            Options = new(),
            Finish = new(),
            Environment = new() { Seed = order.Environment.Seed },
            References = new(),
            Delivery = new(),
        };
        OrderJson.Read(sidecar, read, "sidecar");
        Assert.Equal(order, read);
        Assert.Empty(OrderCheck.Faults(read));
    }

    [Theory]
    [InlineData("""{"options":{"steps":"many"}}""")]
    [InlineData("""{"options":{"steps":2.5}}""")]
    [InlineData("""{"options":{"steps":1e300}}""")]
    [InlineData("""{"options":{"sampler":"euler"}}""")]
    [InlineData("""{"options":{"prompt":7}}""")]
    [InlineData("""{"options":{"ignore-cuts":"yes"}}""")]
    [InlineData("""{"sampler":{"guidanceScale":[]}}""")]
    public void A_sidecar_with_a_value_of_another_kind_is_refused(string sidecar) =>
        Assert.StartsWith(
            "sidecar: ",
            Assert.Throws<InputFault>(
                () => OrderJson.Read(JsonDocument.Parse(sidecar).RootElement, new() { Options = new() }, "sidecar")).Message,
            StringComparison.Ordinal);

    static OrderText Text(params (string Name, string Text)[] words)
    {
        var order = new OrderText();
        foreach (var (name, text) in words)
            order.Set(OrderTable.Find(name)!, text);
        return order;
    }

    /// <summary>A value that is not the default.</summary>
    static string Sample(OrderOption option) => option.Kind switch
    {
        OptionKind.Text => "rain",
        OptionKind.List => option.Name switch
        {
            "reference" => "sounds/a.wav;b.wav",
            "take" => "1.2s..2s seed=7 prompt=\"breaking glass\"",
            _ => "9f2ab310:44100+22050@1.24*98",
        },
        OptionKind.Flag => "yes",
        OptionKind.Choice => option.Name switch
        {
            "library" => "on",
            "control" => "texture",
            _ => option.Choices[1],
        },
        OptionKind.Whole => "7",
        _ => option.Name == "guidance-to" ? "0.1" : FormattableString.Invariant($"{(option.Minimum!.Value + option.Maximum!.Value) / 2}"),
    };
}
