<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <title>WordPress, simulated by dockerlab</title>
</head>
<body>
  <h1>WordPress, simulated by dockerlab</h1>
  <p>This page stands for a blog: the image's other files have the sizes of the real ones, not what they do.</p>
  <p>Database host: <?php echo getenv('WORDPRESS_DB_HOST'); ?></p>
  <p>Served by: <?php echo gethostname(); ?></p>
</body>
</html>
