"""What all pages share: home page, navigation, money, health checks, sitemap."""
