namespace Rewas.SoundStudio;

/// <summary>A time that grows linearly with an amount of work, fitted by least squares. Observations fade as further ones come.</summary>
sealed class LinearTime
{
    /// <summary>Weight that is left of an observation when the next one comes.</summary>
    const double Kept = 0.8;

    double weight, sumWork, sumTime, sumWork2, sumProduct;

    public void Learn(double work, double seconds)
    {
        weight = weight * Kept + 1;
        sumWork = sumWork * Kept + work;
        sumTime = sumTime * Kept + seconds;
        sumWork2 = sumWork2 * Kept + work * work;
        sumProduct = sumProduct * Kept + work * seconds;
    }

    /// <summary>Expected seconds; null if nothing was observed.</summary>
    public double? At(double work)
    {
        if (weight == 0)
            return null;
        var spread = weight * sumWork2 - sumWork * sumWork;
        var slope = spread > 1e-6 * sumWork2 * weight ? (weight * sumProduct - sumWork * sumTime) / spread : -1;
        // Equal amounts of work, or noise, can make a line that falls or that starts below zero. The mean rate is then the better guess.
        var fixedPart = (sumTime - slope * sumWork) / weight;
        return slope >= 0 && fixedPart >= 0 ? fixedPart + slope * work : sumTime / sumWork * work;
    }
}
