using Rewas.Sound.Wav;

namespace Rewas.EndToEnd.Tests;

/// <summary>Compares four service processes behind a gateway process with everything in one process.</summary>
public class SeparateProcessesTests
{
    static readonly string[] Stages = ["VideoEncoder", "EnergyPredictor", "AudioDiffusion", "Vocoder"];

    [Fact]
    public async Task Four_services_and_a_gateway_give_the_same_waveform_as_one_process()
    {
        using var folder = new TemporaryFolder();
        var ports = Stages.ToDictionary(s => s, _ => Programs.FreePort());
        var services = new Dictionary<string, ServiceProcess>();
        try
        {
            foreach (var stage in Stages)
                services[stage] = await ServiceProcess.StartAsync("Rewas." + stage, ports[stage]);
            using var gateway = await ServiceProcess.StartAsync(
                "Rewas.Gateway",
                Programs.FreePort(),
                [.. Stages.Select(s => $"--Gateway:Stages:{s}:0=http://127.0.0.1:{ports[s]}"), "--Gateway:HealthInterval=00:00:01"]);

            var alone = await GenerateAsync(folder.File("alone.wav"));
            var apart = await GenerateAsync(folder.File("apart.wav"), "--gateway", gateway.Address);
            Assert.True(alone.ExitCode == 0, alone.Error);
            Assert.True(apart.ExitCode == 0, apart.Error);
            Assert.Equal(await File.ReadAllBytesAsync(folder.File("alone.wav")), await File.ReadAllBytesAsync(folder.File("apart.wav")));

            var doctor = await Programs.RewasAsync("doctor", "--gateway", gateway.Address);
            Assert.True(doctor.ExitCode == 0, doctor.Output);
            Assert.Contains($"{gateway.Address} is serving", doctor.Output, StringComparison.Ordinal);
            Assert.All(Stages, stage => Assert.Matches($"(?m)^ok +{stage} ", doctor.Output));

            // One stage is stopped. The others are of no use without it, and the message names the missing one.
            services["AudioDiffusion"].Dispose();
            var without = await GenerateAsync(folder.File("without.wav"), "--gateway", gateway.Address);
            Assert.Equal(1, without.ExitCode);
            Assert.Contains("AudioDiffusion", without.Error, StringComparison.Ordinal);
            Assert.Contains("Unavailable", without.Error, StringComparison.OrdinalIgnoreCase);
            Assert.False(File.Exists(folder.File("without.wav")));

            // The stage is started again, and the next request succeeds.
            services["AudioDiffusion"] = await ServiceProcess.StartAsync("Rewas.AudioDiffusion", ports["AudioDiffusion"]);
            var again = await GenerateAsync(folder.File("again.wav"), "--gateway", gateway.Address);
            Assert.True(again.ExitCode == 0, again.Error);
            Assert.Equal(await File.ReadAllBytesAsync(folder.File("alone.wav")), await File.ReadAllBytesAsync(folder.File("again.wav")));
        }
        finally
        {
            foreach (var service in services.Values)
                service.Dispose();
        }
    }

    [Fact]
    public async Task The_seed_decides_the_sound()
    {
        using var folder = new TemporaryFolder();
        foreach (var (name, seed) in ((string, string)[])[("a", "7"), ("b", "7"), ("c", "8")])
            Assert.Equal(0, (await GenerateAsync(folder.File(name + ".wav"), "--seed", seed)).ExitCode);
        var (a, b, c) = (
            await File.ReadAllBytesAsync(folder.File("a.wav")),
            await File.ReadAllBytesAsync(folder.File("b.wav")),
            await File.ReadAllBytesAsync(folder.File("c.wav")));
        Assert.Equal(a, b);
        Assert.NotEqual(a, c);
        var sound = await WavFile.ReadAsync(folder.File("a.wav"), new WavLimits(), "sound", TestContext.Current.CancellationToken);
        Assert.Equal(16_000, sound.SampleRate);
        Assert.True(sound.Samples.Max(Math.Abs) > 1e-3, "the sound is silent");
    }

    static Task<Outcome> GenerateAsync(string output, params string[] more) =>
        Programs.RewasAsync(["generate", Programs.Sample, "--prompt", "a hammer striking metal", "-o", output, "--steps", "4", .. more]);
}
