using Rewas.AudioDiffusion;
using Rewas.Networks;
using Rewas.Protocol;
using Rewas.V1;
using WindowControl = Rewas.Networks.WindowControl;
using WindowLayout = Rewas.Networks.WindowLayout;

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
    [InlineData(JoinNames.Bridge, true, "0 2 1 4 3 5")]                      // nothing follows the last bridge
    [InlineData(JoinNames.Bridge, false, "0 2 1 4 3 5")]
    [InlineData(JoinNames.Continue, true, "0 1 2 3 4 5")]
    [InlineData(JoinNames.Crossfade, false, "0 1 2 3 4 5")]
    public void A_bridge_is_made_after_the_window_that_it_leads_to(string join, bool lengthIsKnown, string order)
    {
        var layout = new WindowLayout(join);
        var controls = new ControlTimeline(lengthIsKnown ? 2560 : null);
        var windows = new WindowOrder(layout, controls);
        var made = new List<int>();
        for (var part = 0; part < 5; part++)
        {
            controls.Add(new WindowControl(new float[512]));
            while (windows.TryNext(out var window))
            {
                Assert.True(layout.Start(window) + 512 <= 512 * (part + 1) || part == 4, $"window {window} has not come when part {part} has");
                made.Add(window);
            }
        }
        controls.End();
        while (windows.TryNext(out var window))
            made.Add(window);
        Assert.Equal(order, string.Join(' ', made));
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
        float[] mel = [.. Filled(0, false), .. Filled(1, false), .. Filled(2, true)];
        Assert.Equal((2 * 416 + 512) * 64, mel.Length);
        Assert.Equal((0, 1, 2), (mel[415 * 64], mel[600 * 64], mel[^1]));
        for (var frame = 417; frame < 512; frame++)
            Assert.True(mel[frame * 64] > mel[(frame - 1) * 64] && mel[frame * 64] < 1, $"frame {frame}");

        float[] Filled(float value, bool isLast) => join.Add([.. Enumerable.Repeat(value, 512 * 64)], isLast).Floats.ToArray();
    }

    [Fact]
    public async Task Editing_one_second_of_sixty_samples_at_most_a_fifth_again_and_gives_what_sampling_all_of_it_would()
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
    public async Task Parts_come_while_later_energy_is_still_to_come()
    {
        await using var host = await ServiceHost.StartAsync();
        using var call = new V1.AudioDiffusion.AudioDiffusionClient(host.Channel).Generate();
        await call.RequestStream.WriteAsync(Options(2560));
        var energy = Energy(2560);
        for (var part = 0; part < 3; part++)
            await call.RequestStream.WriteAsync(Part(energy, part));
        var parts = 0;
        while (parts < 3 && await call.ResponseStream.MoveNext(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(60)))
            parts += call.ResponseStream.Current.Mel is null ? 0 : 1;
        Assert.Equal(3, parts);                                              // windows 0, 2 and 1, of which the last reaches to frame 1344
    }

    static async Task<(float[] Mel, int Steps)> GenerateAsync(ServiceHost host, float[] energy)
    {
        var client = new V1.AudioDiffusion.AudioDiffusionClient(host.Channel);
        var parts = Enumerable.Range(0, (energy.Length + 511) / 512).Select(part => Part(energy, part));
        var answers = await client.Generate().Exchange([Options(energy.Length), .. parts]);
        return ([.. answers.Where(a => a.Mel is not null).SelectMany(a => a.Mel.Mel.ToHostTensor("mel", -1, 64).Floats.ToArray())], answers.Count(a => a.Step is not null));
    }

    static float[] Energy(int frames) => [.. Enumerable.Range(0, frames).Select(i => -4 + MathF.Sin(i * 0.05f))];

    static GenerateRequest Options(long frames) => new() { Options = new() { Prompt = "rain on a roof", Seed = 3, Steps = 2, Frames = frames } };

    static GenerateRequest Part(float[] energy, int part)
    {
        float[] values = [.. Enumerable.Range(part * 512, 512).Select(i => energy[Math.Min(i, energy.Length - 1)])];
        return new() { Energy = new() { Window = part, Energy = HostTensor.Of(values, 512).ToMessage("energy") } };
    }
}
