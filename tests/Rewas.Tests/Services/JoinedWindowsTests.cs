using Grpc.Core;
using Rewas.AudioDiffusion;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Clip.Names;
using Rewas.Protocol;
using Rewas.V1;
using WindowControl = Rewas.Clip.WindowControl;
using WindowLayout = Rewas.Clip.WindowLayout;

namespace Rewas.Tests.Services;

public sealed class JoinedWindowsTests
{
    [Theory]
    [InlineData(JoinNames.Bridge, 1, 1)]
    [InlineData(JoinNames.Bridge, 512, 1)]
    [InlineData(JoinNames.Bridge, 513, 2)]
    [InlineData(JoinNames.Bridge, 928, 2)]
    [InlineData(JoinNames.Bridge, 929, 3)]
    [InlineData(JoinNames.Bridge, 6000, 15)]
    [InlineData(JoinNames.Concatenate, 6000, 12)]
    public void Windows_cover_a_sound_and_no_more(string join, long frames, int windows)
    {
        var layout = new WindowLayout(join);
        Assert.Equal(windows, layout.WindowsFor(frames));
        Assert.True(layout.Start(windows - 1) + 512 >= frames);
        Assert.True(windows == 1 || layout.Start(windows - 2) + 512 < frames);
    }

    [Theory]
    [InlineData(JoinNames.Bridge, true, "0@0 2@832 1@416 4@1664 3@1248 5@2080")]                  // nothing follows the last bridge
    [InlineData(JoinNames.Bridge, false, "0@0 2@832 1@416 4@1664 3@1248 5@2080")]
    [InlineData(JoinNames.Continue, true, "0@0 1@416 2@832 3@1248 4@1664 5@2080")]
    [InlineData(JoinNames.Crossfade, false, "0@0 1@416 2@832 3@1248 4@1664 5@2080")]
    // each scene alone, with a last bridge that leads to nothing
    [InlineData(JoinNames.Bridge, true, "0@0 1@416 2@700 4@1532 3@1116 5@1948 6@2072", 700, 2072)]
    [InlineData(JoinNames.Bridge, false, "0@0 1@416 2@700 4@1532 3@1116 5@1948 6@2072", 700, 2072)]
    [InlineData(JoinNames.Bridge, true, "0@0 1@512 3@1344 2@928 5@2176 4@1760", 512)]             // a scene as long as a window
    [InlineData(JoinNames.Bridge, false, "0@0 1@128 2@544 3@1024 5@1856 4@1440 6@2272", 128, 1024)]
    [InlineData(JoinNames.Concatenate, true, "0@0 1@300 2@812 3@1324 4@1836 5@2348", 300)]
    public void A_bridge_is_made_after_the_window_that_it_leads_to_and_none_goes_over_a_cut(
        string join, bool lengthIsKnown, string order, params int[] cuts)
    {
        var controls = new ControlTimeline(lengthIsKnown ? 2560 : null);
        var windows = new WindowOrder(new(join), controls);
        var made = new List<WindowPlace>();
        for (var part = 0; part < 5; part++)
        {
            controls.Add(
                new WindowControl(new float[512]) { Cuts = [.. cuts.Select(cut => cut - part * 512).Where(cut => cut is >= 0 and < 512)] });
            while (windows.TryNext(out var window))
            {
                Assert.True(
                    Math.Min(window.Start + 512, controls.CutAfter(window.Start) ?? long.MaxValue) <= 512 * (part + 1) || part == 4,
                    $"window {window} has not come when part {part} has");
                made.Add(window);
                controls.DropBefore(windows.Needed);
            }
        }
        controls.End();
        while (windows.TryNext(out var window))
            made.Add(window);
        Assert.Equal(order, string.Join(' ', made.Select(window => $"{window.Number}@{window.Start}")));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(300, 420)]
    [InlineData(-1)]
    [InlineData(512)]
    [InlineData(400, 300)]
    public void Cuts_that_are_out_of_order_or_too_near_are_refused(params int[] cuts) =>
        Assert.Equal(
            "cuts",
            Assert.Throws<InputFault>(() => new ControlTimeline(null).Add(new WindowControl(new float[512]) { Cuts = cuts })).Field);

    [Fact]
    public void A_window_sees_no_control_of_another_scene()
    {
        var controls = new ControlTimeline(1024);
        for (var part = 0; part < 2; part++)
            controls.Add(new(
                [.. Enumerable.Range(part * 512, 512).Select(i => (float)i)],
                [.. Enumerable.Repeat(1f, 512)],
                [.. Enumerable.Range(part * 2560, 2560).Select(i => (float)i)])
            { Cuts = part == 1 ? [188] : [] });
        var window = controls.Window(416);
        Assert.Equal([416, 699, 699, 699], new[] { 0, 283, 284, 511 }.Select(i => window.Energy[i]));
        Assert.Equal([1, 1, 0, 0], new[] { 0, 283, 284, 511 }.Select(i => window.Onsets![i]));
        Assert.Equal([2080, 3499, 3495, 3499], new[] { 0, 1419, 1420, 2559 }.Select(i => window.Texture![i]));
        Assert.Equal(700, controls.Window(700).Energy[0]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_is_in_one_scene_is_not_heard_in_another(bool lengthIsKnown)
    {
        const int Cut = 1024, Frames = 2000;
        await using var host = await ServiceHost.StartAsync();
        var energy = Energy(Frames);
        var (louder, quieter) = (Energy(Frames), Energy(Frames));
        louder.AsSpan(0, Cut).Fill(-2);
        quieter.AsSpan(Cut).Fill(-9);
        var options = Options(lengthIsKnown ? Frames : 0);
        var mel = (await GenerateAsync(host, energy, options, Cut)).Mel;
        Assert.True(mel.Length >= Frames * 64);
        Assert.Equal(mel[(Cut * 64)..], (await GenerateAsync(host, louder, options, Cut)).Mel[(Cut * 64)..]);
        Assert.Equal(mel[..(Cut * 64)], (await GenerateAsync(host, quieter, options, Cut)).Mel[..(Cut * 64)]);

        options.Options.IgnoreCuts = true;
        var over = (await GenerateAsync(host, energy, options, Cut)).Mel;
        Assert.NotEqual(over[..(Cut * 64)], (await GenerateAsync(host, quieter, options, Cut)).Mel[..(Cut * 64)]);
        Assert.Equal(over, (await GenerateAsync(host, energy, options)).Mel);
    }

    [Fact]
    public void A_window_sees_the_control_of_its_own_frames_and_past_the_end_the_last_energy()
    {
        var controls = new ControlTimeline(1000);
        for (var part = 0; part < 2; part++)
            controls.Add(new([.. Enumerable.Range(part * 512, 512).Select(i => (float)i)], [.. Enumerable.Repeat(1f, 512)]));
        controls.DropBefore(416);
        var window = controls.Window(832);
        int[] frames = [0, 1, 167, 168, 511];
        Assert.Equal([832, 833, 999, 999, 999], frames.Select(i => window.Energy[i]));
        Assert.Equal([1, 1, 1, 0, 0], frames.Select(i => window.Onsets![i]));
    }

    [Fact]
    public void Parts_laid_end_to_end_fade_from_one_window_into_the_next()
    {
        var join = new MelJoin(new(JoinNames.Bridge));
        float[] mel = [.. Filled(0, true), .. Filled(1, true), .. Filled(2, false)];
        Assert.Equal((2 * 416 + 512) * 64, mel.Length);
        Assert.Equal((0, 1, 2), (mel[415 * 64], mel[600 * 64], mel[^1]));
        for (var frame = 417; frame < 512; frame++)
            Assert.True(mel[frame * 64] > mel[(frame - 1) * 64] && mel[frame * 64] < 1, $"frame {frame}");

        float[] Filled(float value, bool goesOn) =>
            Assert.Single(join.Add([.. Enumerable.Repeat(value, 512 * 64)], beginsScene: value == 0, 512, goesOn)).Floats.ToArray();
    }

    [Fact]
    public async Task An_edit_of_one_second_in_sixty_samples_at_most_a_fifth_again_with_the_same_result_as_sampling_all()
    {
        using var folder = new TemporaryFolder();
        await using var caching = await ServiceHost.StartAsync(("AudioDiffusion:LatentCacheFolder", folder.Path));
        var whole = await GenerateAsync(caching, Energy(6000));
        var same = await GenerateAsync(caching, Energy(6000));
        Assert.Equal(whole.Mel, same.Mel);
        Assert.Equal(0, same.Steps);
        await using var fresh = await ServiceHost.StartAsync();
        foreach (var second in new[] { 0, 7, 31, 59 })
        {
            var energy = Energy(6000);
            energy.AsSpan(second * 100, 100).Fill(-9);
            var edited = await GenerateAsync(caching, energy);
            Assert.True(edited.Steps <= 0.2 * whole.Steps, $"{edited.Steps} of {whole.Steps} steps after an edit of second {second}");
            Assert.True(edited.Steps > 0);
            Assert.All((await GenerateAsync(fresh, energy)).Mel.Zip(edited.Mel), pair => Assert.Equal(pair.First, pair.Second, 2e-3));
        }
    }

    [Fact]
    public async Task A_window_is_found_by_its_own_caller_alone()
    {
        using var folder = new TemporaryFolder();
        await using var host = await ServiceHost.StartAsync(
            ("AudioDiffusion:LatentCacheFolder", folder.Path), ("Rewas:TrustCallerHeader", "true"));
        var hers = await AsAsync("alice");

        Assert.Equal(0, (await AsAsync("alice")).Steps);
        // A sound without steps would tell Bob that somebody has made the same.
        var his = await AsAsync("bob");
        Assert.Equal(hers.Steps, his.Steps);
        Assert.Equal(hers.Mel, his.Mel);

        async Task<(float[] Mel, int Steps)> AsAsync(string caller) => Read(
            await new V1.AudioDiffusion.AudioDiffusionClient(host.Channel)
                .Generate(new Metadata { { "rewas-caller", caller } })
                .Exchange([Options(600), Part(Energy(600), 0), Part(Energy(600), 1)]));
    }

    [Fact]
    public async Task Parts_come_while_later_energy_is_still_to_come()
    {
        await using var host = await ServiceHost.StartAsync();
        using var call = new V1.AudioDiffusion.AudioDiffusionClient(host.Channel).Generate();
        await call.RequestStream.WriteAsync(Options(2560));
        var energy = Energy(2560);
        for (var part = 0; part < 3; part++)
            await call.RequestStream.WriteAsync(Part(energy, part));
        var parts = 0;
        while (parts < 3 && await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(Wait.Patience))
            parts += call.ResponseStream.Current.Mel is null ? 0 : 1;
        Assert.Equal(3, parts);                                              // windows 0, 2 and 1; the last reaches to frame 1344
    }

    static Task<(float[] Mel, int Steps)> GenerateAsync(ServiceHost host, float[] energy) =>
        GenerateAsync(host, energy, Options(energy.Length));

    static async Task<(float[] Mel, int Steps)> GenerateAsync(ServiceHost host, float[] energy, GenerateRequest options, params int[] cuts)
    {
        var client = new V1.AudioDiffusion.AudioDiffusionClient(host.Channel);
        var parts = Enumerable.Range(0, (energy.Length + 511) / 512).Select(part => Part(energy, part, cuts));
        return Read(await client.Generate().Exchange([options, .. parts]));
    }

    static (float[] Mel, int Steps) Read(IEnumerable<GenerateResponse> answers) =>
    (
        [.. answers.Where(a => a.Mel is not null).SelectMany(a => a.Mel.Mel.ToHostTensor("mel", -1, 64).Floats.ToArray())],
        answers.Count(a => a.Step is not null)
    );

    static float[] Energy(int frames) => [.. Enumerable.Range(0, frames).Select(i => -4 + MathF.Sin(i * 0.05f))];

    static GenerateRequest Options(long frames) =>
        new() { Options = new() { Prompt = "rain on a roof", Seed = 3, Steps = 2, Frames = frames } };

    static GenerateRequest Part(float[] energy, int part, params int[] cuts)
    {
        float[] values = [.. Enumerable.Range(part * 512, 512).Select(i => energy[Math.Min(i, energy.Length - 1)])];
        return new()
        {
            Energy = new WindowControl(values) { Cuts = [.. cuts.Select(cut => cut - part * 512).Where(cut => cut is >= 0 and < 512)] }
                .ToMessage(part),
        };
    }
}
