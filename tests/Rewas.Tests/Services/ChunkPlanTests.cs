using Rewas.Vocoder;

namespace Rewas.Tests.Services;

public class ChunkPlanTests
{
    [Fact]
    public void A_chunk_waits_for_the_frames_after_it()
    {
        var plan = new ChunkPlan(chunkFrames: 100, contextFrames: 20, hopSamples: 160);
        Assert.Null(plan.Next(119, ended: false));
        Assert.Equal(new Chunk(0, 120, 0, 16_000), plan.Next(120, ended: false));
        Assert.Equal(80, plan.FirstFrameNeeded);
        Assert.Null(plan.Next(219, ended: false));
        Assert.Equal(new Chunk(80, 220, 16_000, 32_000), plan.Next(220, ended: false));
    }

    [Fact]
    public void The_end_is_not_waited_for()
    {
        var plan = new ChunkPlan(100, 20, 160);
        Assert.Equal(new Chunk(0, 105, 0, 16_000), plan.Next(105, ended: true));
        Assert.Equal(new Chunk(80, 105, 16_000, 16_800), plan.Next(105, ended: true));
        Assert.Null(plan.Next(105, ended: true));
    }

    [Theory]
    [InlineData(1, 16, 0)]
    [InlineData(15, 16, 7)]
    [InlineData(16, 16, 7)]
    [InlineData(1000, 64, 33)]
    [InlineData(1000, 16, 100)]
    public void Chunks_cover_every_sample_once(int frames, int chunkFrames, int contextFrames)
    {
        var plan = new ChunkPlan(chunkFrames, contextFrames, 160);
        long next = 0;
        for (var there = 0; there <= frames; there++)
            while (plan.Next(there, ended: there == frames) is { } chunk)
            {
                Assert.Equal(next, chunk.FirstSample);
                Assert.True(chunk.FirstFrame * 160 <= chunk.FirstSample && chunk.EndFrame * 160 >= chunk.EndSample);
                Assert.True(chunk.EndFrame - chunk.FirstFrame <= chunkFrames + 2 * contextFrames);
                next = chunk.EndSample;
            }
        Assert.Equal(frames * 160L, next);
    }
}
